// sources.cypher: which texts say what is known about somebody or something?
:param group_id => 'default';
:param name => 'Ravi Menon';

WITH $group_id AS group_id, $name AS name
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(name, '"', ' ') + '"') YIELD node AS entity
WHERE entity:Entity AND entity.group_id = group_id AND toLower(name) IN [form IN entity.names | toLower(form)]
MATCH (entity)-[fact:RELATES_TO]-(:Graphmem)
WHERE fact.expired_at IS NULL
UNWIND fact.episodes AS uuid
MATCH (episode:Graphmem:Episode {uuid: uuid})
RETURN fact.fact AS fact, fact.when AS time, episode.text AS text, episode.reference_time AS said, episode.source AS source
ORDER BY said
LIMIT 100

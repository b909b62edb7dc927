// together.cypher: who and what is named together with somebody or something?
:param group_id => 'default';
:param name => 'Ravi Menon';

WITH $group_id AS group_id, $name AS name
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(name, '"', ' ') + '"') YIELD node AS entity
WHERE entity:Entity AND entity.group_id = group_id AND toLower(name) IN [form IN entity.names | toLower(form)]
MATCH (entity)<-[:MENTIONS]-(episode:Graphmem:Episode)
WITH DISTINCT episode
ORDER BY episode.reference_time DESC
LIMIT 20
MATCH named = (episode)-[:MENTIONS]->(:Graphmem)
RETURN named
LIMIT 200

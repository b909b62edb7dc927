// entity.cypher: what is known about somebody or something?
:param group_id => 'default';
:param name => 'Ravi Menon';

WITH $group_id AS group_id, $name AS name
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(name, '"', ' ') + '"') YIELD node AS entity
WHERE entity:Entity AND entity.group_id = group_id AND toLower(name) IN [form IN entity.names | toLower(form)]
MATCH same = (entity)-[:MERGED_INTO*0..3]-(one:Graphmem)
OPTIONAL MATCH about = (one)-[fact:RELATES_TO]-(:Graphmem)
WHERE fact.expired_at IS NULL
RETURN same, about
LIMIT 100

// events.cypher: in which events does somebody or something take part, and in which role?
:param group_id => 'default';
:param name => 'Ravi Menon';

WITH $group_id AS group_id, $name AS name
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(name, '"', ' ') + '"') YIELD node AS entity
WHERE entity:Entity AND entity.group_id = group_id AND toLower(name) IN [form IN entity.names | toLower(form)]
MATCH (entity)-[:MERGED_INTO*0..3]-(one:Graphmem)
MATCH (one)<-[:INVOLVES]-(event:Graphmem:Event)
WHERE event.expired_at IS NULL
WITH DISTINCT event
ORDER BY event.valid_at DESC
LIMIT 30
MATCH who = (event)-[:INVOLVES]->(:Graphmem)
RETURN who
LIMIT 200

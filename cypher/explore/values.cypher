// values.cypher: which numbers, dates, quotations and descriptions are known of somebody or something?
:param group_id => 'default';
:param name => 'Colin Harkness';

WITH $group_id AS group_id, $name AS name
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(name, '"', ' ') + '"') YIELD node AS entity
WHERE entity:Entity AND entity.group_id = group_id AND toLower(name) IN [form IN entity.names | toLower(form)]
MATCH (entity)-[:MERGED_INTO*0..3]-(one:Graphmem)
MATCH value = (one)-[fact:RELATES_TO]->(:Graphmem:Value)
WHERE fact.expired_at IS NULL
RETURN value
LIMIT 100

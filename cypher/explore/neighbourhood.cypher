// neighbourhood.cypher: what lies within two steps of somebody or something?
:param group_id => 'default';
:param name => 'Ravi Menon';

WITH $group_id AS group_id, $name AS name
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(name, '"', ' ') + '"') YIELD node AS entity
WHERE entity:Entity AND entity.group_id = group_id AND toLower(name) IN [form IN entity.names | toLower(form)]
MATCH near = (entity)-[known:RELATES_TO|MERGED_INTO]-(one:Graphmem)
WHERE known.expired_at IS NULL
WITH entity, near, one
LIMIT 30
OPTIONAL CALL (entity, one) {
  MATCH further = (one)-[fact:RELATES_TO]-(far:Graphmem)
  WHERE fact.expired_at IS NULL AND far <> entity
  RETURN further
  LIMIT 5
}
RETURN near, further
LIMIT 150

// connection.cypher: how are two people, places or things connected?
:param group_id => 'default';
:param name => 'Ravi Menon';
:param other => 'Tomas Lindqvist';

WITH $group_id AS group_id, $name AS name, $other AS other
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(name, '"', ' ') + '"') YIELD node AS one
WHERE one:Entity AND one.group_id = group_id AND toLower(name) IN [form IN one.names | toLower(form)]
WITH group_id, other AS second, one
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(second, '"', ' ') + '"') YIELD node AS two
WHERE two:Entity AND two.group_id = group_id AND toLower(second) IN [form IN two.names | toLower(form)] AND two <> one
MATCH path = allShortestPaths((one)-[:RELATES_TO|MENTIONS|INVOLVES|MERGED_INTO*..6]-(two))
WHERE all(step IN relationships(path) WHERE step.expired_at IS NULL)
RETURN path
LIMIT 20

// community.cypher: to which communities does somebody or something belong, and who else is in the lowest?
:param group_id => 'default';
:param name => 'Ravi Menon';

WITH $group_id AS group_id, $name AS name
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(name, '"', ' ') + '"') YIELD node AS entity
WHERE entity:Entity AND entity.group_id = group_id AND toLower(name) IN [form IN entity.names | toLower(form)]
MATCH (entity)-[:MERGED_INTO*0..3]->(:Graphmem)-[:IN_COMMUNITY]->(community:Graphmem)
MATCH inside = (community)<-[:IN_COMMUNITY]-(:Graphmem)
OPTIONAL MATCH above = (community)-[:PART_OF*1..9]->(:Graphmem)
OPTIONAL MATCH about = (community)<-[:SUMMARIZES]-(:Graphmem)
RETURN inside, above, about
LIMIT 200

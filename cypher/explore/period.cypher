// period.cypher: what was said and what happened in a day, a month or a year?
:param group_id => 'default';
:param period => '2023-10';

WITH $group_id AS group_id, $period AS period
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'name:"' + period + '"') YIELD node
WHERE node:Period AND node.group_id = group_id AND node.name = period
MATCH path = (node)<-[:PART_OF*0..2]-(:Graphmem:Period)<-[:DURING]-(:Graphmem)
RETURN path
LIMIT 200

// summary.cypher: what happened in a day, a month or a year, in a few sentences, and which texts say so?
:param group_id => 'default';
:param period => '2023-10';

WITH $group_id AS group_id, $period AS period
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'name:"' + period + '"') YIELD node
WHERE node:Period AND node.group_id = group_id AND node.name = period
MATCH about = (node)<-[:SUMMARIZES]-(summary:Graphmem)
OPTIONAL MATCH cited = (summary)-[:CITES]->(:Graphmem)
RETURN about, cited
LIMIT 100

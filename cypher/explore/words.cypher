// words.cypher: which texts, names and events have certain words in them, best first?
:param group_id => 'default';
:param words => 'clock AND Penrose';

WITH $group_id AS group_id, $words AS words
CALL db.index.fulltext.queryNodes('graphmem_text_node', words) YIELD node, score
WHERE node:Graphmem AND node.group_id = group_id
RETURN head([label IN labels(node) WHERE label <> 'Graphmem']) AS what, coalesce(node.text, node.name) AS text, score
LIMIT 50

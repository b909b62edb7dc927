// nearest_nodes.cypher: which nodes does the vector index find first
CALL db.index.vector.queryNodes($index, $candidates, $vector) YIELD node AS record
RETURN record.uuid AS uuid, record.group_id = $group_id AS ours, vector.similarity.cosine(record[$property], $vector) AS score

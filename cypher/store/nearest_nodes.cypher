// nearest_nodes.cypher: which nodes does the vector index find first; all in one row
CALL db.index.vector.queryNodes($index, $candidates, $vector) YIELD node AS record
RETURN collect([record.uuid, vector.similarity.cosine(record[$property], $vector), record.group_id = $group_id]) AS found

// nearest_facts.cypher: which facts does the vector index find first
CALL db.index.vector.queryRelationships($index, $candidates, $vector) YIELD relationship AS record
RETURN record.uuid AS uuid, record.group_id = $group_id AS ours, vector.similarity.cosine(record[$property], $vector) AS score

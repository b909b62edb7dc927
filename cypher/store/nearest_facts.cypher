// nearest_facts.cypher: which facts does the vector index find first; all in one row
CALL db.index.vector.queryRelationships($index, $candidates, $vector) YIELD relationship AS record
RETURN collect([record.uuid, vector.similarity.cosine(record[$property], $vector), record.group_id = $group_id]) AS found

// nearest.cypher: tell how near to a vector each record is
WITH record, vector.similarity.cosine(record[$property], $vector) AS score
WHERE score IS NOT NULL
RETURN record.uuid AS uuid, score, record.metadata AS metadata

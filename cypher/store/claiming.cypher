// claiming.cypher: which facts have any of these keys, each a word for the full-text index?
CALL db.index.fulltext.queryRelationships('graphmem_text_fact_key', $words, {limit: $limit}) YIELD relationship AS fact
RETURN fact.uuid AS uuid, fact.keys AS keys

// claiming.cypher: which facts have any of these keys, each a word for the full-text index? All in one row
CALL db.index.fulltext.queryRelationships('graphmem_text_fact_key', $words, {limit: $limit}) YIELD relationship AS fact
RETURN collect([fact.uuid, fact.keys]) AS found

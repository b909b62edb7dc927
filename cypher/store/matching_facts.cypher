// matching_facts.cypher: which facts does the full-text index find first; all in one row
CALL db.index.fulltext.queryRelationships('graphmem_text_fact', $words, {limit: $candidates}) YIELD relationship AS record, score
WITH record, score WHERE score > 0
RETURN collect([record.uuid, score, record.group_id = $group_id]) AS found

// told_facts.cypher: the facts that rest on some episodes, whose uuids are words for the full-text index
CALL db.index.fulltext.queryRelationships('graphmem_text_fact_episode', $words) YIELD relationship AS record
WITH record
WHERE record.group_id = $group_id AND record.revision > 0

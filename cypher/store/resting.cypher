// resting.cypher: which facts rest on these episodes, whose uuids are words for the full-text index
CALL db.index.fulltext.queryRelationships('graphmem_text_fact_episode', $words) YIELD relationship AS fact
WITH fact
WHERE fact.group_id = $group_id AND fact.revision > 0
UNWIND [uuid IN fact.episodes WHERE uuid IN $uuids] AS target
RETURN target, collect(fact.uuid) AS sources

// resting.cypher: which facts rest on these episodes
MATCH ()-[fact:RELATES_TO]->()
WHERE fact.group_id = $group_id AND fact.revision > 0 AND fact.search_key IS NOT NULL AND any(uuid IN fact.episodes WHERE uuid IN $uuids)
UNWIND [uuid IN fact.episodes WHERE uuid IN $uuids] AS target
RETURN target, collect(fact.uuid) AS sources

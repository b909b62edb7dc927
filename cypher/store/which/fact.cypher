// fact.cypher: the facts that pass a filter
MATCH ()-[record:RELATES_TO]->()
WHERE record.group_id = $group_id AND record.revision > 0 AND record.search_key IS NOT NULL
AND record.uuid IN $uuids
AND record.subject_uuid = $subject
AND record.object_uuid = $object
AND (record.subject_uuid = $touching OR record.object_uuid = $touching)
AND record.predicate = $predicate
AND (record.valid_at IS NULL OR record.valid_at <= $as_of)
AND (record.invalid_at IS NULL OR record.invalid_at > $as_of)
AND record.created_at <= $known_at
AND (record.expired_at IS NULL OR record.expired_at > $known_at)
AND $episode IN record.episodes

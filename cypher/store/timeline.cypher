// timeline.cypher: what is told of some entities, in order of time, undated last?
CALL () {
  UNWIND $uuids AS uuid
  MATCH (:Graphmem {uuid: uuid})-[told:RELATES_TO]-()
  WHERE told.group_id = $group_id AND told.modality = 'asserted'
  RETURN 'fact' AS kind, told.fact AS text, told
  UNION
  UNWIND $uuids AS uuid
  MATCH (:Graphmem {uuid: uuid})<-[:INVOLVES]-(told:Event)
  WHERE told.group_id = $group_id AND told.modality IN ['asserted', 'intended']
  RETURN 'event' AS kind, told.text AS text, told
}
WITH kind, text, told, coalesce(told.valid_at, told.invalid_at) AS at
WHERE told.expired_at IS NULL AND NOT told.negated AND told.revision > 0
  AND ($start IS NULL OR told.invalid_at > $start OR told.valid_at >= $start OR (told.invalid_at IS NULL AND at IS NOT NULL))
  AND ($end IS NULL OR told.valid_at < $end OR (told.valid_at IS NULL AND at IS NOT NULL))
RETURN kind, told.uuid AS uuid, text, told.valid_at AS valid_at, told.invalid_at AS invalid_at,
  told.granularity AS granularity, told.modality AS modality, told.status AS status, told.created_at AS created_at,
  told.moved_to AS moved_to
ORDER BY at IS NULL, at, invalid_at IS NULL, invalid_at, uuid

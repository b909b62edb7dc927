// future.cypher: how many records say that they were learned later than it is now, and which says the latest?
CALL () {
  MATCH (record:Graphmem)
  WHERE record.group_id = $group_id AND record.revision > 0 AND record.created_at > datetime() + duration({minutes: 1})
  RETURN record.uuid AS uuid, record.created_at AS at
  UNION ALL
  MATCH (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
  WHERE fact.group_id = $group_id AND fact.revision > 0 AND fact.created_at > datetime() + duration({minutes: 1})
  RETURN fact.uuid AS uuid, fact.created_at AS at
}
WITH uuid, at ORDER BY at DESC, uuid
WITH collect([uuid, toString(at)])[0] AS latest, count(*) AS many
WHERE many > 0
RETURN latest[0] AS uuid, latest[1] AS at, many

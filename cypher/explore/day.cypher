// day.cypher: what was said, and what happened, on one day?
:param group_id => 'default';
:param day => date('2023-10-14');

WITH $group_id AS group_id, $day AS day
WITH group_id, datetime({date: day}) AS start, datetime({date: day}) + duration('P1D') AS end
CALL (group_id, start, end) {
  MATCH (record:Graphmem:Episode)
  WHERE record.group_id = group_id AND record.reference_time >= start AND record.reference_time < end
  RETURN record
  LIMIT 60
  UNION
  MATCH (record:Graphmem:Event)
  WHERE record.group_id = group_id AND record.valid_at >= start AND record.valid_at < end AND record.expired_at IS NULL
  RETURN record
  LIMIT 60
}
OPTIONAL MATCH path = (record)-[:NEXT_EPISODE|DESCRIBES|INVOLVES]->(:Graphmem)
RETURN record, path
LIMIT 200

// facts.cypher: the next facts of a tenant, in order of revision and uuid
MATCH (:Graphmem)-[record:RELATES_TO]->(:Graphmem)
WHERE record.group_id = $group_id AND record.revision >= $revision
  AND NOT (record.revision = $revision AND record.uuid <= $uuid)
WITH record ORDER BY record.group_id, record.revision, record.uuid LIMIT $limit

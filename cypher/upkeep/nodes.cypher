// nodes.cypher: the next nodes of a tenant, in order of revision and uuid
MATCH (record:Graphmem)
WHERE record.group_id = $group_id AND record.revision >= $revision
  AND NOT (record.revision = $revision AND record.uuid <= $uuid) AND NOT record:Tombstone
WITH record ORDER BY record.group_id, record.revision, record.uuid LIMIT $limit

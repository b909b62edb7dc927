// update_nodes.cypher: write nodes that have changed, the first of their vectors for the index if they had none
UNWIND $rows AS row
MATCH (record:Graphmem {uuid: row.uuid})
WHERE record.group_id = $group_id
SET record += row.properties
SET record += {created_at: datetime(row.times.created_at), expired_at: datetime(row.times.expired_at),
  reference_time: datetime(row.times.reference_time), valid_at: datetime(row.times.valid_at),
  invalid_at: datetime(row.times.invalid_at)}
WITH record, row
WHERE row.vector IS NOT NULL
CALL db.create.setNodeVectorProperty(record, $property, row.vector)

// create_nodes.cypher: write new records that are nodes, the first of their vectors for the index
UNWIND $rows AS row
CREATE (record:Graphmem {uuid: row.uuid})
SET record:$(row.label), record += row.properties
SET record += {created_at: datetime(row.times.created_at), expired_at: datetime(row.times.expired_at),
  reference_time: datetime(row.times.reference_time), valid_at: datetime(row.times.valid_at),
  invalid_at: datetime(row.times.invalid_at)}
WITH record, row
WHERE row.vector IS NOT NULL
CALL db.create.setNodeVectorProperty(record, $property, row.vector)

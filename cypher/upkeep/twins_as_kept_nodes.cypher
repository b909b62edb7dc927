// twins_as_kept_nodes.cypher: the nodes of one uuid, the one to stay first: with vectors, with more relationships
MATCH (record:Graphmem {uuid: $uuid})
WHERE record.group_id = $group_id
WITH record ORDER BY record:Tombstone, record.vectors IS NULL, COUNT { (record)--() } DESC, elementId(record)

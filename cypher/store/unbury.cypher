// unbury.cypher: forget that something was removed, for it is there again
UNWIND $rows AS uuid
MATCH (tombstone:Graphmem:Tombstone {uuid: uuid})
WHERE tombstone.group_id = $group_id
DELETE tombstone

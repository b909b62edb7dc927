// bury.cypher: keep in mind what was removed, so that those who follow the changes remove it too
UNWIND $rows AS row
MERGE (tombstone:Graphmem:Tombstone {uuid: row.uuid})
SET tombstone.group_id = $group_id, tombstone.kind = row.kind, tombstone.revision = $revision

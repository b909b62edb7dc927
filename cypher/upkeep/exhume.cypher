// exhume.cypher: take the tombstones of facts that are there away, so that those who follow the changes have them again
UNWIND $uuids AS uuid
MATCH (tombstone:Graphmem:Tombstone {uuid: uuid})
MATCH (:Graphmem)-[fact:RELATES_TO {uuid: uuid}]->(:Graphmem)
WHERE fact.group_id = $group_id AND tombstone.group_id = $group_id
SET fact.revision = $revision
DELETE tombstone

// present.cypher: which of these nodes does a tenant have? All in one row
UNWIND $uuids AS uuid
MATCH (record:Graphmem&!Tombstone {uuid: uuid})
WHERE record.group_id = $group_id
RETURN collect(uuid) AS found

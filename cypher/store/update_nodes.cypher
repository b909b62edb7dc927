// update_nodes.cypher: write sessions, episodes, entities, values, events and periods that have changed
UNWIND $rows AS row
MATCH (record:Graphmem {uuid: row.uuid})
WHERE record.group_id = $group_id
SET record += row.properties

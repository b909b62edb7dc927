// create_nodes.cypher: write new sessions, episodes, entities, values and events
UNWIND $rows AS row
CREATE (record:Graphmem {uuid: row.uuid})
SET record:$(row.label), record += row.properties

// create_nodes.cypher: write new sessions, episodes, entities, values, events and periods
UNWIND $rows AS row
CREATE (record:Graphmem {uuid: row.uuid})
SET record:$(row.label), record += row.properties

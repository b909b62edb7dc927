// create_facts.cypher: write new facts between the nodes they relate
UNWIND $rows AS row
MATCH (subject:Graphmem {uuid: row.subject})
MATCH (object:Graphmem {uuid: row.object})
CREATE (subject)-[fact:RELATES_TO]->(object)
SET fact = row.properties

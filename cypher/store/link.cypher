// link.cypher: connect nodes: who is mentioned, described, involved, what belongs to a session or a period and what comes next
UNWIND $rows AS row
MATCH (source:Graphmem {uuid: row.source})
MATCH (target:Graphmem {uuid: row.target})
CREATE (source)-[link:$(row.type)]->(target)
SET link = row.properties

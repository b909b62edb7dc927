// unlink.cypher: take connections away that no longer hold
UNWIND $rows AS row
MATCH (source:Graphmem {uuid: row.source})-[link:$(row.type)]->(target:Graphmem {uuid: row.target})
WHERE properties(link) = row.properties
DELETE link

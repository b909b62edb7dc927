// indexes.cypher: in which state are graphmem's indexes
SHOW INDEXES YIELD name, state
WHERE name STARTS WITH 'graphmem_'
RETURN name, state

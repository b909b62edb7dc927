// uuid.cypher: no node of graphmem's exists twice
CREATE CONSTRAINT graphmem_uuid IF NOT EXISTS FOR (record:Graphmem) REQUIRE record.uuid IS UNIQUE

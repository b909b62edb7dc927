// fact_uuid.cypher: no fact exists twice
CREATE CONSTRAINT graphmem_fact_uuid IF NOT EXISTS FOR ()-[fact:RELATES_TO]-() REQUIRE fact.uuid IS UNIQUE

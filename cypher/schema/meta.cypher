// meta.cypher: each note about the schema exists once
CREATE CONSTRAINT graphmem_meta IF NOT EXISTS FOR (meta:GraphmemMeta) REQUIRE meta.key IS UNIQUE

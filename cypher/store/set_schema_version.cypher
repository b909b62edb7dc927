// set_schema_version.cypher: note which version of graphmem's schema this database has
MERGE (meta:GraphmemMeta {key: 'schema'})
SET meta.version = $version

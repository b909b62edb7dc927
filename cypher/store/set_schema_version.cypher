// set_schema_version.cypher: note which version of graphmem's schema this database has, unless it has a newer one
MERGE (meta:GraphmemMeta {key: 'schema'})
SET meta.version = CASE WHEN meta.version > $version THEN meta.version ELSE $version END

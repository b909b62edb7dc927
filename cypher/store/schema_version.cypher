// schema_version.cypher: which version of graphmem's schema does this database have
OPTIONAL MATCH (meta:GraphmemMeta {key: 'schema'})
RETURN meta.version AS version

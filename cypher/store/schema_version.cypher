// schema_version.cypher: which version of graphmem's schema does this database have, and what of a tenant and of older records
OPTIONAL MATCH (meta:GraphmemMeta {key: 'schema'})
OPTIONAL MATCH (tenant:GraphmemTenant {group_id: $group_id})
RETURN meta.version AS version, tenant.revision AS revision, tenant.model AS model, tenant.dimension AS dimension,
  CASE WHEN meta.version < $version
    THEN EXISTS { MATCH (other:GraphmemTenant) WHERE coalesce(other.schema, 1) < $version }
    ELSE tenant IS NOT NULL AND coalesce(tenant.schema, 1) < $version
  END AS behind

// tenant.cypher: which is the newest revision of a tenant, which embedding model does it use, what is in its hierarchy?
MATCH (tenant:GraphmemTenant {group_id: $group_id})
RETURN tenant.revision AS revision, tenant.model AS model, tenant.dimension AS dimension,
  tenant.consolidated AS consolidated

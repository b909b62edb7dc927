// tenant.cypher: which is the newest revision of a tenant, and which embedding model does it use
MATCH (tenant:GraphmemTenant {group_id: $group_id})
RETURN tenant.revision AS revision, tenant.model AS model, tenant.dimension AS dimension

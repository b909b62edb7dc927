// lock_tenant.cypher: take the next revision of a tenant; whoever comes later waits until this transaction ends
MERGE (tenant:GraphmemTenant {group_id: $group_id})
ON CREATE SET tenant.revision = 1, tenant.schema = 5
ON MATCH SET tenant.revision = tenant.revision + 1
RETURN tenant.revision AS revision, tenant.model AS model, tenant.dimension AS dimension

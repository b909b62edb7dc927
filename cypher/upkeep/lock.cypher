// lock.cypher: take the next revision of a tenant that there is; whoever comes later waits until this transaction ends
MATCH (tenant:GraphmemTenant {group_id: $group_id})
SET tenant.revision = tenant.revision + 1
RETURN tenant.revision AS revision, tenant.dimension AS dimension

// bind_tenant.cypher: remember the embedding model of a tenant, unless it has one
MERGE (tenant:GraphmemTenant {group_id: $group_id})
ON CREATE SET tenant.revision = 0, tenant.schema = 5
SET tenant.model = coalesce(tenant.model, $model), tenant.dimension = coalesce(tenant.dimension, $dimension)
RETURN tenant.model AS model, tenant.dimension AS dimension

// tenants.cypher: whose data is in this database?
MATCH (tenant:GraphmemTenant)
RETURN tenant.group_id AS group_id

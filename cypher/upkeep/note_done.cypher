// note_done.cypher: note that all records of a tenant are of this schema
MATCH (tenant:GraphmemTenant {group_id: $group_id})
SET tenant.schema = $version
REMOVE tenant.migrating

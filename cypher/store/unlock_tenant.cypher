// unlock_tenant.cypher: give the revision back, for nothing was new
MATCH (tenant:GraphmemTenant {group_id: $group_id})
SET tenant.revision = $revision

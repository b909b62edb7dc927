// unlock.cypher: give a revision back that no record has
MATCH (tenant:GraphmemTenant {group_id: $group_id})
SET tenant.revision = $revision - 1

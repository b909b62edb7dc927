// break_seals.cypher: something was removed, so that no copy of what the tenant had is good any more
MATCH (tenant:GraphmemTenant {group_id: $group_id})
REMOVE tenant.seals

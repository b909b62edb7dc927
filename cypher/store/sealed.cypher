// sealed.cypher: is a copy of what a tenant has still good?
MATCH (tenant:GraphmemTenant {group_id: $group_id})
WHERE $seal IN tenant.seals
RETURN $seal AS seal

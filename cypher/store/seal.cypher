// seal.cypher: note that a copy is kept of all that a tenant has, if its newest revision is still the one that was copied
MATCH (tenant:GraphmemTenant {group_id: $group_id})
SET tenant.waiting = true
REMOVE tenant.waiting
WITH tenant
WHERE tenant.revision = $revision
SET tenant.seals = ([$seal] + coalesce(tenant.seals, []))[..$most]
RETURN $seal AS seal

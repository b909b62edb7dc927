// settled_revision.cypher: which is the newest revision whose every record can be read; waits for a writer that is about to commit
// only a property that is really set takes the lock, and only the lock tells that the writer's last record is in place
MATCH (tenant:GraphmemTenant {group_id: $group_id})
SET tenant.waiting = true
REMOVE tenant.waiting
RETURN tenant.revision AS revision, tenant.dimension AS dimension

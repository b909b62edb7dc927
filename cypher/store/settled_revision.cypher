// settled_revision.cypher: which is the newest revision whose every record can be read; waits for a writer that is about to commit
MATCH (tenant:GraphmemTenant {group_id: $group_id})
REMOVE tenant.waiting
RETURN tenant.revision AS revision, tenant.dimension AS dimension

// note_progress.cypher: note how far the migration of a tenant is: the step, and the revision and uuid of the last record done
MATCH (tenant:GraphmemTenant {group_id: $group_id})
WHERE coalesce(tenant.schema, 1) < $version
SET tenant.migrating = $migrating

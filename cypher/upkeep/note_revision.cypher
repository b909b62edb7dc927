// note_revision.cypher: let a tenant's revision be no older than the newest of its records
MERGE (tenant:GraphmemTenant {group_id: $group_id})
ON CREATE SET tenant.schema = $version
SET tenant.revision = CASE WHEN tenant.revision > $revision THEN tenant.revision ELSE $revision END
REMOVE tenant.seals

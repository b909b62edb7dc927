// note_consolidated.cypher: note up to which revision everything has gone into the hierarchy; it never goes back
MATCH (tenant:GraphmemTenant {group_id: $group_id})
SET tenant.consolidated = CASE WHEN tenant.consolidated > $revision THEN tenant.consolidated ELSE $revision END

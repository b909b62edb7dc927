// revision.cypher: oldest change first
ORDER BY record.group_id, record.revision

// revision.cypher: what changed in a tenant since a revision
CREATE RANGE INDEX graphmem_revision IF NOT EXISTS FOR (record:Graphmem) ON (record.group_id, record.revision)

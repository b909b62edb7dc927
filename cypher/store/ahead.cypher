// ahead.cypher: which is the newest revision of a tenant, and which one is some $most nodes after another, if there are more
MATCH (tenant:GraphmemTenant {group_id: $group_id})
RETURN tenant.revision AS revision, tenant.dimension AS dimension, COLLECT {
  MATCH (record:Graphmem)
  WHERE record.group_id = $group_id AND record.revision > $since
  RETURN record.revision
  ORDER BY record.group_id, record.revision
  SKIP $most LIMIT 1
} AS ahead

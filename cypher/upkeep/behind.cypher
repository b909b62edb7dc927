// behind.cypher: whose records are of an older schema, how far is the migration, and how many records are there?
MATCH (tenant:GraphmemTenant)
WHERE coalesce(tenant.schema, 1) < $version
RETURN tenant.group_id AS group_id, coalesce(tenant.schema, 1) AS schema, tenant.migrating AS migrating, tenant.revision AS revision, tenant.dimension AS dimension,
  COUNT { MATCH (record:Graphmem&!Tombstone) WHERE record.group_id = tenant.group_id AND record.revision > 0 } AS nodes,
  COUNT { MATCH (record:Graphmem&Entity) WHERE record.group_id = tenant.group_id AND record.revision > 0 } AS entities,
  COUNT { MATCH (:Graphmem)-[fact:RELATES_TO]->(:Graphmem) WHERE fact.group_id = tenant.group_id AND fact.revision > 0 } AS facts
ORDER BY group_id

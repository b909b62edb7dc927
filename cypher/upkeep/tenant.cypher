// tenant.cypher: what is noted of a tenant, what its records say of that, and what time is it on the server?
OPTIONAL MATCH (tenant:GraphmemTenant {group_id: $group_id})
CALL () {
  MATCH (record:Graphmem) WHERE record.group_id = $group_id AND record.revision > 0
  RETURN max(record.revision) AS last
  UNION ALL
  MATCH (:Graphmem)-[fact:RELATES_TO]->(:Graphmem) WHERE fact.group_id = $group_id AND fact.revision > 0
  RETURN max(fact.revision) AS last
}
RETURN tenant IS NOT NULL AS noted, tenant.revision AS revision, tenant.model AS model, tenant.dimension AS dimension,
  max(last) AS last, toString(datetime()) AS now

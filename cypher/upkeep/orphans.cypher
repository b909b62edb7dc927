// orphans.cypher: to which entities, values, sessions and periods does nothing lead?
MATCH (record:Graphmem&(Entity|Value|Session|Period))
WHERE record.group_id = $group_id AND record.revision > 0
  AND NOT EXISTS { (record)<-[:MENTIONS|INVOLVES|DURING|PART_OF]-(:Graphmem) }
  AND NOT EXISTS { (record)-[:HAS_EPISODE]->(:Graphmem) }
  AND NOT EXISTS { (record)-[:RELATES_TO]-(:Graphmem) }
RETURN record.uuid AS uuid, [label IN labels(record) WHERE label <> 'Graphmem'][0] AS label
ORDER BY uuid

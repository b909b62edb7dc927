// belonging.cypher: how much belongs to each of these periods, or to its parts?
MATCH (whole:Graphmem:Period)<-[:PART_OF*0..2]-(:Graphmem:Period)<-[:DURING]-(record:Graphmem)
WHERE whole.uuid IN $periods AND whole.group_id = $group_id
WITH DISTINCT whole, record
RETURN whole.uuid AS uuid, sum(CASE WHEN record:Episode THEN 1 ELSE 0 END) AS episodes, sum(CASE WHEN record:Event THEN 1 ELSE 0 END) AS events

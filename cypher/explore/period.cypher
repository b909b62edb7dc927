// period.cypher: what was said and what happened in a day, a month or a year?
:param group_id => 'default'
:param period => '2023-05'

MATCH path = (:Graphmem:Period {group_id: $group_id, name: $period})<-[:PART_OF*0..2]-(:Graphmem:Period)<-[:DURING]-(record:Graphmem)
RETURN path
ORDER BY coalesce(record.reference_time, record.valid_at)
LIMIT 300

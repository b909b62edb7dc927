// busiest.cypher: on which days was most said and done?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (day:Graphmem:Period)
WHERE day.group_id = group_id AND day.revision > 0 AND day.level = 'day'
RETURN day.name AS day, COUNT { (day)<-[:DURING]-(:Episode) } AS texts, COUNT { (day)<-[:DURING]-(:Event) } AS events
ORDER BY texts + events DESC, day
LIMIT 30

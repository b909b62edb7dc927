// communities.cypher: which communities are there on a level, how large are they, and what are they about?
:param group_id => 'default';
:param level => 0;

WITH $group_id AS group_id, $level AS level
MATCH (community:Graphmem:Community)
WHERE community.group_id = group_id AND community.level = level
OPTIONAL MATCH (summary:Graphmem:Summary)-[:SUMMARIZES]->(community)
RETURN community.name AS community, community.size AS entities, community.when AS time, summary.text AS about
ORDER BY entities DESC, community
LIMIT 50

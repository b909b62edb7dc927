// sessions.cypher: which conversations and documents are there, who speaks in them, and when?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (session:Graphmem:Session)
WHERE session.group_id = group_id AND session.revision > 0
WITH session
ORDER BY session.revision DESC
LIMIT 100
MATCH (session)-[:HAS_EPISODE]->(episode:Graphmem)
RETURN session.name AS session, count(*) AS texts, collect(DISTINCT episode.speaker) AS speakers,
  min(episode.reference_time) AS first, max(episode.reference_time) AS last
ORDER BY last DESC
LIMIT 100

// session.cypher: what was said in a session, in order, and whom and what does it name?
:param group_id => 'default';
:param session => 'Nora and Ravi, 2023-10-14';

WITH $group_id AS group_id, $session AS session
MATCH (episode:Graphmem:Episode)
WHERE episode.group_id = group_id AND episode.session = session AND episode.position >= 0
WITH episode
ORDER BY episode.position
LIMIT 50
MATCH has = (:Graphmem:Session)-[:HAS_EPISODE]->(episode)
OPTIONAL MATCH next = (episode)-[:NEXT_EPISODE]->(:Graphmem)
OPTIONAL MATCH named = (episode)-[:MENTIONS]->(:Graphmem)
RETURN has, next, named
LIMIT 200

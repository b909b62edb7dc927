// transcript.cypher: what was said in a session, word by word?
:param group_id => 'default';
:param session => 'Nora and Ravi, 2023-10-14';

WITH $group_id AS group_id, $session AS session
MATCH (episode:Graphmem:Episode)
WHERE episode.group_id = group_id AND episode.session = session AND episode.position >= 0
RETURN episode.position + 1 AS number, episode.reference_time AS at, episode.speaker AS speaker, episode.text AS text
ORDER BY number
LIMIT 300

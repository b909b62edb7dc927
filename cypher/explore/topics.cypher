// topics.cypher: what was a session about, topic by topic?
:param group_id => 'default';
:param session => 'Nora and Ravi, 2023-10-14';

WITH $group_id AS group_id, $session AS session
MATCH (episode:Graphmem:Episode)
WHERE episode.group_id = group_id AND episode.session = session AND episode.position >= 0
MATCH covers = (topic:Graphmem:Topic)-[:COVERS]->(episode)
OPTIONAL MATCH about = (topic)<-[:SUMMARIZES]-(:Graphmem)
RETURN covers, about
LIMIT 200

// session.cypher: what was said in a session, in order, and whom does it name?
:param group_id => 'default'
:param session => 'notes'

MATCH (session:Graphmem:Session {group_id: $group_id, name: $session})-[has:HAS_EPISODE]->(episode:Episode)
OPTIONAL MATCH next = (episode)-[:NEXT_EPISODE]->(:Episode)
OPTIONAL MATCH named = (episode)-[:MENTIONS]->(:Graphmem)
RETURN session, has, episode, next, named
ORDER BY episode.position
LIMIT 300

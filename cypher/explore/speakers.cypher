// speakers.cypher: who speaks, how often, and of whom and what most?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (episode:Graphmem:Episode)
WHERE episode.group_id = group_id AND episode.reference_time IS NOT NULL AND episode.speaker IS NOT NULL
WITH episode.speaker AS speaker, count(*) AS texts, min(episode.reference_time) AS first,
  max(episode.reference_time) AS last, collect(episode)[..1000] AS episodes
ORDER BY texts DESC
LIMIT 30
OPTIONAL CALL (episodes) {
  UNWIND episodes AS episode
  MATCH (episode)-[mention:MENTIONS]->(entity:Graphmem)
  WITH entity.name AS name, sum(mention.count) AS often
  ORDER BY often DESC, name
  LIMIT 5
  RETURN collect(name) AS names
}
RETURN speaker, texts, names, first, last
LIMIT 30

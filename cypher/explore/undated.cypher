// undated.cypher: which facts have no date, and when were they told?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
WHERE fact.group_id = group_id AND fact.revision > 0
  AND fact.valid_at IS NULL AND fact.invalid_at IS NULL AND fact.expired_at IS NULL
WITH fact
LIMIT 100
OPTIONAL MATCH (episode:Graphmem:Episode)
WHERE episode.uuid IN fact.episodes
RETURN fact.fact AS fact, min(episode.reference_time) AS first_told, collect(episode.text)[0] AS text
LIMIT 100

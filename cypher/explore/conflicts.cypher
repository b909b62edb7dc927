// conflicts.cypher: which facts contradict each other where no rule decides, and who says so?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH conflict = (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
WHERE fact.group_id = group_id AND fact.revision > 0 AND fact.rivals IS NOT NULL AND fact.expired_at IS NULL
WITH conflict, fact
LIMIT 100
OPTIONAL MATCH (episode:Graphmem:Episode)
WHERE episode.uuid IN fact.episodes
WITH conflict, fact, collect(episode.text) AS said
OPTIONAL MATCH (:Graphmem)-[other:RELATES_TO]->(:Graphmem)
WHERE other.uuid IN fact.rivals
RETURN fact.fact AS fact, said, collect(other.fact) AS contradicted_by, conflict
ORDER BY fact
LIMIT 100

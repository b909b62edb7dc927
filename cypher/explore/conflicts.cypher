// conflicts.cypher: which facts contradict each other where no rule decides, and who says so?
:param group_id => 'default'

MATCH conflict = (:Graphmem)-[fact:RELATES_TO {group_id: $group_id}]->(:Graphmem)
WHERE fact.expired_at IS NULL AND fact.rivals IS NOT NULL
UNWIND fact.rivals AS rival
MATCH ()-[other:RELATES_TO {uuid: rival}]->()
OPTIONAL MATCH (episode:Graphmem:Episode)
WHERE episode.uuid IN fact.episodes
RETURN conflict, fact.fact AS fact, fact.support AS said_by, collect(DISTINCT episode.text) AS said,
  collect(DISTINCT other.fact) AS contradicted_by
ORDER BY fact
LIMIT 100

// overview.cypher: what does a memory hold?
:param group_id => 'default';

WITH $group_id AS group_id
CALL (group_id) {
  MATCH (record:Graphmem)
  WHERE record.group_id = group_id AND record.revision > 0
  UNWIND [label IN labels(record) WHERE label <> 'Graphmem'] AS what
  RETURN what, count(*) AS how_many
  UNION
  MATCH (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
  WHERE fact.group_id = group_id AND fact.revision > 0
  RETURN 'Fact' AS what, count(*) AS how_many
}
RETURN what, how_many
ORDER BY how_many DESC
LIMIT 20

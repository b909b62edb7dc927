// overview.cypher: what does a memory hold?
:param group_id => 'default'

MATCH (record:Graphmem {group_id: $group_id})
UNWIND [label IN labels(record) WHERE label <> 'Graphmem'] AS what
RETURN what, count(*) AS how_many
UNION
MATCH (:Graphmem)-[fact:RELATES_TO {group_id: $group_id}]->(:Graphmem)
RETURN 'Fact' AS what, count(*) AS how_many

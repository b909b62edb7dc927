// fact.cypher: who says that something is so? (the facts, the texts behind them, and what these name)
:param group_id => 'default';
:param subject => 'Ravi Menon';
:param predicate => 'work for';

WITH $group_id AS group_id, $subject AS subject, $predicate AS predicate
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(subject, '"', ' ') + '"') YIELD node AS one
WHERE one:Entity AND one.group_id = group_id AND toLower(subject) IN [form IN one.names | toLower(form)]
MATCH fact = (one)-[relation:RELATES_TO]->(:Graphmem)
WHERE relation.predicate = predicate AND relation.expired_at IS NULL
OPTIONAL MATCH said = (episode:Graphmem:Episode)-[:MENTIONS]->(:Graphmem)
WHERE episode.uuid IN relation.episodes
RETURN fact, said
LIMIT 100

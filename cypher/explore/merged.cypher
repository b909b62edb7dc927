// merged.cypher: which names turned out to be one, and why?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (entity:Graphmem:Entity)
WHERE entity.group_id = group_id AND entity.revision > 0 AND entity.merged_into IS NOT NULL
WITH entity
LIMIT 100
MATCH merge = (entity)-[into:MERGED_INTO]->(whole:Graphmem)
RETURN entity.name AS name, whole.name AS whole, into.because AS because, merge
ORDER BY whole, name
LIMIT 100

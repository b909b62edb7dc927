// merged.cypher: which names turned out to be one, and why?
:param group_id => 'default'

MATCH merge = (entity:Graphmem:Entity {group_id: $group_id})-[into:MERGED_INTO]->(whole:Graphmem:Entity)
RETURN merge, entity.name AS name, whole.name AS whole, into.because AS because
ORDER BY whole, name
LIMIT 300

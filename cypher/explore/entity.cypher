// entity.cypher: what is known about somebody or something?
:param group_id => 'default'
:param name => 'Ada Lovelace'

MATCH (entity:Graphmem:Entity {group_id: $group_id})
WHERE any(name IN entity.names WHERE toLower(name) = toLower($name))
OPTIONAL MATCH about = (entity)-[:RELATES_TO|MERGED_INTO]-(:Graphmem)
RETURN entity, about
LIMIT 100

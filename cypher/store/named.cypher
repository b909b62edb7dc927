// named.cypher: how often are the entities of each group named, and in how many episodes?
UNWIND $groups AS group
MATCH (entity:Graphmem)<-[mention:MENTIONS]-(episode:Graphmem)
WHERE entity.uuid IN group.uuids AND entity.group_id = $group_id
RETURN group.key AS key, sum(mention.count) AS mentions, count(DISTINCT episode) AS episodes

// scenes.cypher: in which session and source are these entities named, and by whom to whom? Some episodes are left out
MATCH (entity:Graphmem)<-[:MENTIONS]-(episode:Graphmem)
WHERE entity.uuid IN $uuids AND entity.group_id = $group_id AND NOT episode.uuid IN $but
RETURN entity.uuid AS uuid, collect(DISTINCT [episode.session, episode.source, episode.speaker, episode.addressee]) AS scenes

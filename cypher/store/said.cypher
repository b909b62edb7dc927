// said.cypher: who said these episodes when?
UNWIND $uuids AS uuid
MATCH (episode:Graphmem:Episode {uuid: uuid})
WHERE episode.group_id = $group_id
RETURN episode.uuid AS uuid, toString(episode.reference_time) AS at, toString(episode.created_at) AS learned,
  episode.source AS source, episode.speaker AS speaker

// said.cypher: who stated these facts when, by the episodes that they rest on?
UNWIND $facts AS row
UNWIND row.episodes AS uuid
MATCH (episode:Graphmem:Episode {uuid: uuid})
RETURN row.uuid AS fact, episode.uuid AS episode, toString(episode.reference_time) AS at,
  toString(episode.created_at) AS learned, episode.source AS source, episode.speaker AS speaker

// episode_session.cypher: the episodes of a session, in their order
CREATE RANGE INDEX graphmem_episode_session IF NOT EXISTS
FOR (episode:Episode) ON (episode.group_id, episode.session, episode.position)

// episode_speaker.cypher: the episodes that somebody says
CREATE RANGE INDEX graphmem_episode_speaker IF NOT EXISTS
FOR (episode:Episode) ON (episode.group_id, episode.speaker)

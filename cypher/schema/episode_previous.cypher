// episode_previous.cypher: which episode follows another
CREATE RANGE INDEX graphmem_episode_previous IF NOT EXISTS FOR (episode:Episode) ON (episode.previous)

// episode_time.cypher: what was said in a span of time
CREATE RANGE INDEX graphmem_episode_time IF NOT EXISTS FOR (episode:Episode) ON (episode.group_id, episode.reference_time)

// community_level.cypher: the communities of one level
CREATE RANGE INDEX graphmem_community_level IF NOT EXISTS FOR (community:Community) ON (community.group_id, community.level)

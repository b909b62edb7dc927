// topic_session.cypher: the topics of a session
CREATE RANGE INDEX graphmem_topic_session IF NOT EXISTS FOR (topic:Topic) ON (topic.group_id, topic.session)

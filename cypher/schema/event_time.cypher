// event_time.cypher: what happened in a span of time
CREATE RANGE INDEX graphmem_event_time IF NOT EXISTS FOR (event:Event) ON (event.group_id, event.valid_at)

// fact_time.cypher: what became true in a span of time
CREATE RANGE INDEX graphmem_fact_time IF NOT EXISTS FOR ()-[fact:RELATES_TO]-() ON (fact.group_id, fact.valid_at)

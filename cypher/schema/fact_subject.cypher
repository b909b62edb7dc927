// fact_subject.cypher: the facts about an entity
CREATE RANGE INDEX graphmem_fact_subject IF NOT EXISTS FOR ()-[fact:RELATES_TO]-() ON (fact.subject_uuid)

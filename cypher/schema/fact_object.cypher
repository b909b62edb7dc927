// fact_object.cypher: the facts that lead to an entity or a value
CREATE RANGE INDEX graphmem_fact_object IF NOT EXISTS FOR ()-[fact:RELATES_TO]-() ON (fact.object_uuid)

// fact_revision.cypher: which facts of a tenant changed since a revision
CREATE RANGE INDEX graphmem_fact_revision IF NOT EXISTS FOR ()-[fact:RELATES_TO]-() ON (fact.group_id, fact.revision)

// text_fact.cypher: facts by their words; search_key is one word for each group_id, so the index itself keeps them apart
CREATE FULLTEXT INDEX graphmem_text_fact IF NOT EXISTS FOR ()-[fact:RELATES_TO]-() ON EACH [fact.search_key, fact.fact]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'english'}}

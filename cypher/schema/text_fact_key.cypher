// text_fact_key.cypher: facts by the keys under which those that bear on one another find each other, each a word
CREATE FULLTEXT INDEX graphmem_text_fact_key IF NOT EXISTS FOR ()-[fact:RELATES_TO]-() ON EACH [fact.keys]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}

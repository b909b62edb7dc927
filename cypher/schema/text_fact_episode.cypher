// text_fact_episode.cypher: facts by the episodes that they rest on, each uuid a word
CREATE FULLTEXT INDEX graphmem_text_fact_episode IF NOT EXISTS FOR ()-[fact:RELATES_TO]-() ON EACH [fact.episodes]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}

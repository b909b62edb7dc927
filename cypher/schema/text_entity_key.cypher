// text_entity_key.cypher: entities by the keys under which names that may be one find each other, each a word
CREATE FULLTEXT INDEX graphmem_text_entity_key IF NOT EXISTS FOR (entity:Entity) ON EACH [entity.keys]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}

// text_node.cypher: records by their words; search_key is one word for each kind and group_id, so the index itself keeps them apart
CREATE FULLTEXT INDEX graphmem_text_node IF NOT EXISTS
FOR (record:Graphmem) ON EACH [record.search_key, record.text, record.name, record.names, record.title]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'english'}}

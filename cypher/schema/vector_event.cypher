// vector_event.cypher: events by the meaning of their text
CREATE VECTOR INDEX graphmem_vector_event_DIMENSION IF NOT EXISTS FOR (event:Event) ON event.embedding_DIMENSION
OPTIONS {indexConfig: {`vector.dimensions`: DIMENSION, `vector.similarity_function`: 'cosine'}}

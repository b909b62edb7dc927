// vector_entity.cypher: entities by the meaning of their text
CREATE VECTOR INDEX graphmem_vector_entity_DIMENSION IF NOT EXISTS FOR (entity:Entity) ON entity.embedding_DIMENSION
OPTIONS {indexConfig: {`vector.dimensions`: DIMENSION, `vector.similarity_function`: 'cosine'}}

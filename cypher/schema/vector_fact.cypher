// vector_fact.cypher: facts by the meaning of their text
CREATE VECTOR INDEX graphmem_vector_fact_DIMENSION IF NOT EXISTS FOR ()-[fact:RELATES_TO]-() ON fact.embedding_DIMENSION
OPTIONS {indexConfig: {`vector.dimensions`: DIMENSION, `vector.similarity_function`: 'cosine'}}

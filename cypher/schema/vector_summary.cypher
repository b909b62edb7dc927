// vector_summary.cypher: summaries by the meaning of their text
CREATE VECTOR INDEX graphmem_vector_summary_DIMENSION IF NOT EXISTS FOR (summary:Summary) ON summary.embedding_DIMENSION
OPTIONS {indexConfig: {`vector.dimensions`: DIMENSION, `vector.similarity_function`: 'cosine'}}

// vector_episode.cypher: episodes by the meaning of their text
CREATE VECTOR INDEX graphmem_vector_episode_DIMENSION IF NOT EXISTS FOR (episode:Episode) ON episode.embedding_DIMENSION
OPTIONS {indexConfig: {`vector.dimensions`: DIMENSION, `vector.similarity_function`: 'cosine'}}

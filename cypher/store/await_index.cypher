// await_index.cypher: wait until an index can be used, ten minutes at most
CALL db.awaitIndex($name, 600)

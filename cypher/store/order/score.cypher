// score.cypher: best first
ORDER BY score DESC, uuid
LIMIT $limit

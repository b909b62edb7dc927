// ascending.cypher: by one property, open values last, ties by uuid
ORDER BY record[$order] IS NULL, record[$order], record.uuid
LIMIT $limit

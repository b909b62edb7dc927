// descending.cypher: by one property, the other way round
ORDER BY record[$order] IS NULL DESC, record[$order] DESC, record.uuid DESC
LIMIT $limit

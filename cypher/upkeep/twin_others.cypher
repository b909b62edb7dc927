// twin_others.cypher: are there relationships of other programs' that have a uuid twice?
MATCH ()-[theirs:RELATES_TO]->()
WHERE theirs.uuid IS NOT NULL
WITH theirs.uuid AS uuid, count(*) AS many
WHERE many > 1
RETURN uuid, many
ORDER BY uuid LIMIT 1

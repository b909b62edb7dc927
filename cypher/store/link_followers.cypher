// link_followers.cypher: connect new episodes to the ones that were waiting for them as their previous one
UNWIND $rows AS uuid
MATCH (previous:Graphmem {uuid: uuid})
MATCH (episode:Episode {previous: uuid})
WHERE episode:Graphmem
MERGE (previous)-[:NEXT_EPISODE]->(episode)

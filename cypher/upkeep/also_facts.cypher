// also_facts.cypher: and how a fact is kept: what is worked out from it, whether the vector index has it, and where it leads
  , [name IN $derived | record[name]] AS derived, record[$property] IS NOT NULL AS indexed,
  [[startNode(record).uuid, endNode(record).uuid]] AS links
ORDER BY record.revision, record.uuid

// also_nodes.cypher: and how a node is kept: what is worked out from it, whether the vector index has it, and its relationships
  , [name IN $derived | record[name]] AS derived, record[$property] IS NOT NULL AS indexed,
  COLLECT {
    MATCH (record)-[link:MENTIONS|INVOLVES|DURING|VERSION_OF|MERGED_INTO|COVERS|SUMMARIZES|CITES|TRACES]->(other:Graphmem&!Tombstone)
    RETURN [type(link), record.uuid, other.uuid, properties(link)] AS told
    UNION ALL
    MATCH (record:Period)-[link:PART_OF]->(other:Graphmem&!Tombstone)
    RETURN [type(link), record.uuid, other.uuid, properties(link)] AS told
    UNION ALL
    MATCH (record)<-[link:HAS_EPISODE|NEXT_EPISODE|DESCRIBES|IN_COMMUNITY|HAS_TOPIC]-(other:Graphmem&!Tombstone)
    RETURN [type(link), other.uuid, record.uuid, properties(link)] AS told
    UNION ALL
    MATCH (record:Community)<-[link:PART_OF]-(other:Graphmem&!Tombstone)
    RETURN [type(link), other.uuid, record.uuid, properties(link)] AS told
  } AS links
ORDER BY record.revision, record.uuid

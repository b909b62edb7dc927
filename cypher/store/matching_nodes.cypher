// matching_nodes.cypher: which nodes does the full-text index find first
CALL db.index.fulltext.queryNodes('graphmem_text_node', $words, {limit: $candidates}) YIELD node AS record, score
WITH record, score WHERE score > 0
RETURN record.uuid AS uuid, record.group_id = $group_id AS ours, score

// matching_nodes.cypher: which nodes does the full-text index find first; all in one row
CALL db.index.fulltext.queryNodes('graphmem_text_node', $words, {limit: $candidates}) YIELD node AS record, score
WITH record, score WHERE score > 0
RETURN collect([record.uuid, score, record.group_id = $group_id]) AS found

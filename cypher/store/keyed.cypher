// keyed.cypher: which entities have any of these keys, each a word for the full-text index? All in one row
CALL db.index.fulltext.queryNodes('graphmem_text_entity_key', $words, {limit: $limit}) YIELD node AS entity
RETURN collect([entity.uuid, entity.keys]) AS found

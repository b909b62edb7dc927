// keyed.cypher: which entities have each of these keys?
UNWIND $words AS word
CALL (word) {
  CALL db.index.fulltext.queryNodes('graphmem_text_entity_key', word, {limit: $limit}) YIELD node AS entity
  RETURN collect(entity.uuid) AS uuids
}
WITH word, uuids WHERE size(uuids) > 0
RETURN word, uuids

// claiming.cypher: which facts have each of these keys?
UNWIND $words AS word
CALL (word) {
  CALL db.index.fulltext.queryRelationships('graphmem_text_fact_key', word, {limit: $limit}) YIELD relationship AS fact
  RETURN collect(fact.uuid) AS uuids
}
WITH word, uuids WHERE size(uuids) > 0
RETURN word, uuids

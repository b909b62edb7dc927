// facts.cypher: tell all of a fact but its index vector, times as ISO 8601 text
RETURN record.revision AS revision, ['Fact'] AS labels, null AS kind, record.vectors IS NOT NULL AS embedded,
  CASE WHEN $vectors THEN record.vectors END AS vectors,
  record {.uuid, .group_id, .subject, .subject_uuid, .predicate, .object, .object_uuid, .fact, .granularity, .negated, .modality,
    .tense, .confidence, .episodes, .slot, .holder, .ends, .corrects, .overrules, .version_of, .closed_by, .rule, .rivals, valid_at: toString(record.valid_at), invalid_at: toString(record.invalid_at),
    created_at: toString(record.created_at), expired_at: toString(record.expired_at)
  } AS properties

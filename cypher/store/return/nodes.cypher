// nodes.cypher: tell all of a node but its index vector, times as ISO 8601 text
RETURN record.revision AS revision, labels(record) AS labels, record.kind AS kind, record.vectors IS NOT NULL AS embedded,
  CASE WHEN $vectors THEN record.vectors END AS vectors,
  CASE
    WHEN record:Episode THEN record {.uuid, .group_id, .text, .session, .speaker, .addressee, .source, .dated, .metadata, .position, .previous,
      .sentences, .mentions, reference_time: toString(record.reference_time), created_at: toString(record.created_at),
      expired_at: toString(record.expired_at)}
    WHEN record:Entity THEN record {.uuid, .group_id, .name, .names, .type, .merged_into, .because, .alone,
      created_at: toString(record.created_at), expired_at: toString(record.expired_at)}
    WHEN record:Event THEN record {.uuid, .group_id, .predicate, .text, .participants, .place, .granularity, .anchor, .negated, .modality, .tense,
      .episodes, .status, .version_of, .closed_by, .rule, .moved_to, valid_at: toString(record.valid_at),
      invalid_at: toString(record.invalid_at), created_at: toString(record.created_at), expired_at: toString(record.expired_at)}
    WHEN record:Summary THEN record {.uuid, .group_id, .of, .about, .title, .text, .sentences, .people, .places, .counts, .episodes,
      valid_at: toString(record.valid_at), invalid_at: toString(record.invalid_at), created_at: toString(record.created_at),
      expired_at: toString(record.expired_at)}
    WHEN record:Trace THEN record {.uuid, .group_id, .of, .about, .recalled, .pinned_at, .unpinned_at,
      created_at: toString(record.created_at), expired_at: toString(record.expired_at)}
    WHEN record:Community OR record:Topic THEN record {.uuid, .group_id, .level, .founder, .name, .members, .size, .session, .episodes,
      valid_at: toString(record.valid_at), invalid_at: toString(record.invalid_at), created_at: toString(record.created_at),
      expired_at: toString(record.expired_at)}
    ELSE record {.uuid, .group_id, .name, .level, .text, .type, .subject_uuid, .predicate, valid_at: toString(record.valid_at),
      invalid_at: toString(record.invalid_at), created_at: toString(record.created_at), expired_at: toString(record.expired_at)}
  END AS properties

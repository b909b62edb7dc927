// known_facts.cypher: what is told of these facts, and whether they have vectors; times as ISO 8601 text; all in one row
UNWIND $uuids AS uuid
MATCH ()-[record:RELATES_TO {uuid: uuid}]->()
WHERE record.group_id = $group_id
RETURN collect({labels: ['Fact'], embedded: record.vectors IS NOT NULL, properties:
  record {.uuid, .group_id, .subject, .subject_uuid, .predicate, .object, .object_uuid, .fact, .granularity, .negated, .modality,
    .tense, .confidence, .episodes, .slot, .holder, .ends, .corrects, .overrules, .version_of, .closed_by, .rule, .rivals,
    valid_at: toString(record.valid_at), invalid_at: toString(record.invalid_at),
    created_at: toString(record.created_at), expired_at: toString(record.expired_at)}
}) AS found

// uuids.cypher: tell only which records they are
RETURN record.uuid AS uuid, record.metadata AS metadata

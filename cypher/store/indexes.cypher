// indexes.cypher: which indexes are there, on what, and in which state
SHOW INDEXES YIELD name, state, type, entityType, labelsOrTypes, properties, options, owningConstraint, failureMessage
RETURN name, state, type, entityType, labelsOrTypes, properties, options, owningConstraint, failureMessage

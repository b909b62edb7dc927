// together.cypher: tell what was picked, all in one row: as a list it comes several times as fast
RETURN COLLECT {
  PICKED
  TOLD
  RETURN {labels: labels, embedded: embedded, properties: properties}
} AS found

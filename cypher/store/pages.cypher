// pages.cypher: tell what was picked in order of revision, many rows at a time: as lists they come several times as fast
PICKED
WITH record ORDER BY record.group_id, record.revision
WITH collect(record) AS records
UNWIND range(0, size(records) - 1, $page) AS at
RETURN COLLECT {
  UNWIND records[at..at + $page] AS record
  TOLD
  RETURN [revision, labels, kind, vectors, properties]
} AS page

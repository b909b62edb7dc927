// removed.cypher: what was removed, newest first?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (gone:Graphmem:Tombstone)
WHERE gone.group_id = group_id AND gone.revision > 0
RETURN gone.revision AS revision, gone.kind AS kind, count(*) AS how_many, collect(gone.uuid)[..3] AS uuids
ORDER BY revision DESC, kind
LIMIT 100

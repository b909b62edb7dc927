// changed_facts.cypher: the facts that changed after one revision, up to another
MATCH ()-[record:RELATES_TO]->()
WHERE record.group_id = $group_id AND record.revision > $since AND record.revision <= $until AND record.search_key IS NOT NULL

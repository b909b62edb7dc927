// count_facts.cypher: how many facts there are
MATCH ()-[fact:RELATES_TO]->()
WHERE fact.group_id = $group_id AND fact.revision > 0 AND fact.search_key IS NOT NULL
RETURN count(*) AS count

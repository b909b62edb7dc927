// count_facts.cypher: how many facts there are
MATCH ()-[fact:RELATES_TO]->()
WHERE fact.group_id = $group_id AND fact.revision > 0
RETURN count(*) AS count

// speaking.cypher: which of these names are those of people who say something, or the first words of one?
UNWIND $names AS name
WITH name
WHERE EXISTS { (episode:Episode {group_id: $group_id, speaker: name}) WHERE episode.revision > 0 }
  OR EXISTS { (episode:Episode {group_id: $group_id}) WHERE episode.speaker STARTS WITH name + ' ' AND episode.revision > 0 }
RETURN name

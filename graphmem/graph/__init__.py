"""Pure algorithms on arrays: words, adjacency, PageRank, vectors. No store, no model, no I/O."""

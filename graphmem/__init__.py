"""graphmem: graph-based long-term memory for programs that read text."""

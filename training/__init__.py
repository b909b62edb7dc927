"""How the English pipeline in graphmem/english is made: `python -m training --data DIR --output DIR`."""

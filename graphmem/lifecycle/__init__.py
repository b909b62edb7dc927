"""What becomes of a memory as it grows: topics and summaries of it, on several levels."""

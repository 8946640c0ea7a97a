"""What is in anybody's files: listed, and one of it chosen."""

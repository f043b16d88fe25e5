"""What customers say: topics, themes, search by meaning, and labels."""

"""Today: how it was for customers, what changed, and what must not wait."""

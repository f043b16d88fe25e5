"""Data: which sources there are and how fresh, what was put aside, and imports by upload."""

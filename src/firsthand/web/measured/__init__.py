"""Promises, waits, measures and signals: list, trend, by owner."""

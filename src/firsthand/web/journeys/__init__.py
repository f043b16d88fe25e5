"""Journeys: the ways that customers went."""

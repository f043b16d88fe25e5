"""Journeys: the experience map, the timeline that it makes of the record, and the promises in it."""

from firsthand.journeys.map import ExperienceMap, IntendedPath, Touchpoint, load_map
from firsthand.journeys.promises import promises
from firsthand.journeys.timeline import arrivals, grown, timeline

__all__ = ["ExperienceMap", "IntendedPath", "Touchpoint", "arrivals", "grown", "load_map", "promises", "timeline"]

"""Firsthand: what it is really like to be your customer."""

__version__ = "0.1.0"

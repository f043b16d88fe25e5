"""Whole jobs in plain sentences. Only here the rooms are wired together and the lake is written."""

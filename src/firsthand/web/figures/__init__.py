"""Figures for pages: filters in the address, answers kept, pictures, tables and downloads."""

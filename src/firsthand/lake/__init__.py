"""The lake: Delta tables of one home, in a folder or an object store."""

from firsthand.lake.location import Location
from firsthand.lake.read import connect, files, read, version

__all__ = ["Location", "connect", "files", "read", "version"]

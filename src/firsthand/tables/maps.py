"""Versions of the experience map: decisions, kept whole."""

import pyarrow as pa

from firsthand.tables.column import TIMESTAMP, Column, Table

string = pa.string()


class MapVersions(Table, name="map_versions", sort="decisions"):
    """Decision: the experience map as it was saved. What holds is the file `map.yaml`; the newest version is what it was last saved as."""

    version = Column(pa.int64(), "Its number, from 1.")
    saved_at = Column(TIMESTAMP, "When it was saved; of an edit by hand, when the file was last changed.")
    by = Column(string, "Who saved it; null for an edit by hand.")
    why = Column(string, "The reason given.")
    sha256 = Column(string, "SHA-256 of the file.")
    text = Column(string, "The file, whole.")

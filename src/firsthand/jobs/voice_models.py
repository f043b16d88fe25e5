"""The models that a home reads with: opened by name."""

from __future__ import annotations

import os
from functools import cache

from firsthand.errors import UserError, VoiceError
from firsthand.jobs.home import Home
from firsthand.lake import connect, files
from firsthand.tables import Readings
from firsthand.voice.encoder import Encoder, named
from firsthand.voice.encoders import open_encoder
from firsthand.voice.read import Reader
from firsthand.voice.sentiment import Sentiment


@cache
def open_reader(encoder: str | None = None) -> Reader:
    """What reads texts, with the encoder of that name (see voice.encoders.open_encoder); else the default.

    Raises VoiceError where the extra `voice` is not installed, or a file of a model is not the one that was measured.
    """
    try:
        opened, sentiment = open_encoder(encoder), Sentiment.load()
        return Reader(opened, sentiment, opened if sentiment.fits(opened) else open_encoder())
    except ModuleNotFoundError as missing:
        raise VoiceError(
            f"Reading what customers say needs more packages ({missing.name}): pip install 'firsthand[voice]'"
        ) from missing


def encoder_named(home: Home, said: str | None = None) -> str | None:
    """The name of the encoder: as said, else as `FIRSTHAND_ENCODER` or the home's setting says; None is the default."""
    return said or os.environ.get("FIRSTHAND_ENCODER") or home.settings.encoder or None


def read_with(home: Home) -> str | None:
    """The encoder of the home's readings, by id and version; None where nothing was read."""
    found = files(home.lake, Readings.table_name)
    if not found:
        return None
    with connect(home.lake) as connection:
        rows = connection.execute(f"SELECT max(encoder) FROM read_parquet({found})").fetchall()
    return rows[0][0]


def encoder_of_readings(home: Home) -> Encoder:
    """The encoder that the home was read with. Raises UserError where nothing was read, or it was another than is told."""
    name = read_with(home)
    if name is None:
        raise UserError("No comment of this home was read yet. Read them with: firsthand voice read --home …")
    encoder = open_reader(encoder_named(home)).encoder
    if named(encoder) != name:
        raise UserError(
            f"The comments of this home were read with {name}, and {named(encoder)} is installed or set. "
            "Vectors of two encoders are never mixed: read them anew with firsthand voice read."
        )
    return encoder

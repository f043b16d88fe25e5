"""Changing firsthand.toml from a page: what is wrong is told at the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django import forms
from django.conf import settings

from firsthand.errors import HomeError
from firsthand.jobs.home import Settings, change_settings, open_home
from firsthand.web.accounts.models import User
from firsthand.web.audit.record import note
from firsthand.web.figures.faults import in_words

ABOUT = {entry.name: str(entry.metadata["about"]) for entry in fields(Settings)}


def change(*, changed: Mapping[str, Any], by: User) -> list[str]:
    """Writes those settings that differ from what stands; returns their names. Raises HomeError where one is wrong."""
    home = open_home(settings.HOME)
    new = {key: value for key, value in changed.items() if getattr(home.settings, key) != value}
    if new:
        change_settings(home, **new)
        note(by=by, did="changed settings", about=", ".join(f"{key} = {value}" for key, value in new.items()))
    return list(new)


def tell(form: forms.Form, wrong: HomeError) -> None:
    """Tells an error of the settings at the field that it names, else above the form."""
    said = re.sub(r"^\S*firsthand\.toml: ", "", in_words(str(wrong)))
    names = [name for name in form.fields if re.search(rf"\b{name}\b", str(wrong))]
    form.add_error(names[0] if names else None, said[:1].upper() + said[1:])

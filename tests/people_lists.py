"""Lists of people, and how well customers were found in them."""

from __future__ import annotations

import csv
from pathlib import Path

PEOPLE = """id;Vorname;Nachname;Geburtsdatum;E-Mail;Telefon;notiz
1;Ada;Lovelace;10.12.1985;ada@example.org;+49 171 5550001;
2;Ada;Lovelase;10.12.1985;ada@example.org;0171 5550001;calls often
3;Grace;Hopper;09.12.1976;grace@example.com;0172 5550002;
4;Alan;Turing;23.06.1992;;0173/5550003;
5;Alan;Turing;23.06.1992;alan@example.net;;
6;Edsger;Dijkstra;11.05.1970;edsger@example.net;0174 5550004;
"""


def customers(out: Path) -> dict[str, str]:
    with out.open(encoding="utf-8", newline="") as rows:
        return {row["id"]: row["customer_id"] for row in csv.DictReader(rows)}

"""Whom somebody means who types what they have at hand: an e-mail, a telephone number as it is dialled, a customer number."""

from __future__ import annotations

from firsthand.errors import NobodyFound
from firsthand.jobs.home import Home
from firsthand.jobs.known import known
from firsthand.jobs.who_is_who import customer
from firsthand.people import written_alike


def find_customers(home: Home, told: str) -> list[str]:
    """The ids of the customers that something typed leads to: what `customer` finds, else identifiers of any kind with this value.

    A value without its kind may lead to several: customer number 17, and loyalty card 17. None: nobody was found.
    """
    told = " ".join(told.split())
    if not told:
        return []
    try:
        return [customer(home, told)[0]]
    except NobodyFound:
        pass
    phone = written_alike(f"phone={told}", home.settings.country)
    with known(home) as connection:
        found = connection.execute(
            "SELECT DISTINCT customer_id FROM people WHERE key = $phone OR lower(key) = lower($told) "
            "OR lower(substr(key, strpos(key, '=') + 1)) = lower($told) ORDER BY customer_id",
            {"phone": phone, "told": told},
        ).fetchall()
    return [row[0] for row in found]

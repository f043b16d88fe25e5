"""The sample company as a whole, from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firsthand.demo.contacts import Contacts, make_contacts
from firsthand.demo.orders import Orders, make_orders
from firsthand.demo.people import People, make_people
from firsthand.demo.surveys import Surveys, make_surveys
from firsthand.demo.visits import Visits, make_visits

NAME, TIMEZONE, AS_OF = "Hearth & Larch", "Europe/Berlin", "2026-06-30"


@dataclass(frozen=True)
class Company:
    """Everything that happened, before any system wrote its half of it down."""

    people: People
    orders: Orders
    visits: Visits
    contacts: Contacts
    surveys: Surveys
    seed: int


def make_company(customers: int, seed: int) -> Company:
    """The company with so many customers. The same seed gives the same company."""
    rng = [np.random.default_rng([seed, part]) for part in range(5)]
    people = make_people(rng[0], customers)
    orders = make_orders(rng[1], people)
    visits = make_visits(rng[2], people, orders)
    contacts = make_contacts(rng[3], people, orders, visits.failed)
    surveys = make_surveys(rng[4], people, orders, contacts, words=np.random.default_rng([seed, 97]))
    return Company(people, orders, visits, contacts, surveys, seed)

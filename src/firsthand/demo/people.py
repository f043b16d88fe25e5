"""Who the customers are, and under which names each system knows them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firsthand.demo.planted import DAY, REGIONS

FIRST = "Anna Ben Clara David Emma Felix Greta Hannes Ida Jonas Klara Leon Mia Nora Oskar Paula Quirin Rosa Samuel Thea Ulrich Vera Wanda Xaver Yara Zoe Amir Bela Chen Dilan Elif Fatma Goran Hana Ivan Jelena Kofi Leila Mehmet Nadia Omar Priya Rafael Selin Tomasz Uma Viktor Yusuf Alice Bob George Harriet James Lucy Oliver Ruth".split()
LAST = "Adler Bauer Celik Diaz Ebert Fischer Graf Huber Ilic Jung Kaya Lang Maier Neumann Otto Peters Quandt Richter Schmidt Thoma Ulmer Vogt Weber Xu Yilmaz Zimmer Becker Hoffmann Koch Wolf Schröder Krüger Werner Lehmann Krause Winkler Kowalski Nowak Novak Horvat Silva Santos Rossi Ferrari Smith Jones Taylor Brown Wilson Evans".split()
CITIES = {
    "north": (("Hamburg", "20095"), ("Kiel", "24103"), ("Bremen", "28195")),
    "east": (("Leipzig", "04109"), ("Dresden", "01067"), ("Berlin", "10115")),
    "south": (("München", "80331"), ("Stuttgart", "70173"), ("Nürnberg", "90402")),
    "west": (("Köln", "50667"), ("Essen", "45127"), ("Frankfurt", "60311")),
}
STREETS = "Hauptstraße Gartenweg Lindenallee Bahnhofstraße Schulgasse Am Markt Bergstraße Mühlenweg".split()
DOMAINS = ("example.com", "example.org", "mail.example", "post.example")


@dataclass
class People:
    """Arrays with one entry per person."""

    first: np.ndarray
    last: np.ndarray
    number: np.ndarray
    email: np.ndarray
    phone: np.ndarray
    card: np.ndarray  # "" where the person has none
    browser: np.ndarray
    phone_app: np.ndarray  # "" where the person does not use the app
    region: np.ndarray  # index into REGIONS
    city: np.ndarray
    postcode: np.ndarray
    street: np.ndarray
    born: np.ndarray
    german: np.ndarray
    joined: np.ndarray  # seconds since BEGIN
    patience: np.ndarray  # how this person scores, apart from what happened

    def __len__(self) -> int:
        return len(self.first)


def make_people(rng: np.random.Generator, count: int) -> People:
    """People of all regions, who come to know the company over the two years, most of them early."""
    first, last = rng.choice(FIRST, count), rng.choice(LAST, count)
    serial = np.arange(count)
    region = rng.choice(len(REGIONS), count, p=(0.25, 0.25, 0.25, 0.25))
    places = [CITIES[REGIONS[place]][which] for place, which in zip(region, rng.integers(0, 3, count), strict=True)]
    plain = {"ö": "oe", "ü": "ue", "ä": "ae", "ß": "ss"}
    clean = [name.lower().translate(str.maketrans(plain)) for name in last]
    domain = rng.choice(DOMAINS, count)
    email = [f"{a.lower()}.{b}{n}@{d}" for a, b, n, d in zip(first, clean, serial % 9973, domain, strict=True)]
    number = serial * 7 % 90_000_000 + 10_000_000
    devices = rng.integers(0, 2**63, (2, count))
    return People(
        first=first, last=last,
        number=np.array([f"K{value}" for value in number]),
        email=np.array(email),
        phone=np.array([f"+49 15{value // 10_000_000 % 10} {value % 10_000_000:07d}" for value in number * 13 % 100_000_000]),
        card=np.where(rng.random(count) < 0.6, np.char.add("LC", np.char.zfill((serial * 31 % 10_000_000).astype(str), 8)), ""),
        browser=np.array([f"w-{value:016x}" for value in devices[0]]),
        phone_app=np.where(rng.random(count) < 0.35, np.array([f"a-{value:016x}" for value in devices[1]]), ""),
        region=region,
        city=np.array([city for city, _ in places]), postcode=np.array([code for _, code in places]),
        street=np.array([f"{street} {house}" for street, house in zip(rng.choice(STREETS, count), rng.integers(1, 120, count), strict=True)]),
        born=np.datetime64("1945-01-01") + rng.integers(0, 22_000, count),
        german=rng.random(count) < 0.65,
        joined=(rng.beta(1.0, 2.2, count) * 690 * DAY).astype(np.int64),
        patience=rng.normal(0, 0.5, count),
    )  # fmt: skip


def misspelt(rng: np.random.Generator, names: np.ndarray, share: float) -> np.ndarray:
    """Names as somebody typed them: in a share of them two letters are swapped or one is left out."""
    typed = names.astype(object).copy()
    for at in np.flatnonzero(rng.random(len(names)) < share):
        name = str(typed[at])
        if len(name) > 3:
            place = int(rng.integers(1, len(name) - 2))
            swapped = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
            typed[at] = swapped if rng.random() < 0.5 else name[:place] + name[place + 1 :]
    return typed.astype(str)

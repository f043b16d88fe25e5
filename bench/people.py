"""Who is who in a million made-up records, beside what Splink alone takes with the same rules.

python bench/people.py make FOLDER RECORDS     people.csv, truth.csv, and for Splink alone people.parquet and rules.json
python bench/people.py splink FOLDER           Splink's own training, prediction and clustering of people.parquet
python bench/people.py f1 CLUSTERS TRUTH       pairwise precision, recall and F1 of clusters against the truth
"""

from __future__ import annotations

import csv
import json
import random
import sys
from pathlib import Path

import duckdb

SYLLABLES = [
    "ka",
    "lo",
    "mi",
    "ra",
    "ne",
    "to",
    "sa",
    "vi",
    "du",
    "be",
    "ri",
    "no",
    "la",
    "me",
    "ti",
    "ro",
    "ja",
    "fe",
    "gu",
    "ho",
    "pa",
    "wi",
    "se",
    "ly",
    "da",
    "mo",
    "ni",
    "ku",
    "za",
    "pe",
]
HEADER = ["id", "first_name", "surname", "dob", "street", "postcode", "city", "email", "phone"]


def make(folder: Path, count: int) -> None:
    """A list of people, a fifth of it duplicates with one to three errors, some with names swapped or a new address."""
    chance = random.Random(1)
    first, last, streets, cities = (_words(chance, size) for size in (2_000, 30_000, 20_000, 800))
    people = [_person(chance, first, last, streets, cities) for _ in range(count * 4 // 5)]
    order = [(at, False) for at in range(len(people))]
    order += [(chance.randrange(len(people)), True) for _ in range(count - len(people))]
    chance.shuffle(order)
    with (folder / "people.csv").open("w", newline="") as listed, (folder / "truth.csv").open("w", newline="") as truth:
        rows, told = csv.writer(listed), csv.writer(truth)
        rows.writerow(HEADER)
        told.writerow(["id", "person"])
        for number, (at, again) in enumerate(order):
            rows.writerow([number, *(_spoilt(chance, people, at, streets, cities) if again else people[at])])
            told.writerow([number, at])
    for_splink(folder)


def _words(chance: random.Random, size: int) -> list[str]:
    return ["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 4)))) for _ in range(size)]


def _person(
    chance: random.Random, first: list[str], last: list[str], streets: list[str], cities: list[str]
) -> list[str]:
    given, family, city = _common(chance, first), _common(chance, last), chance.randrange(len(cities))
    mail = f"{given}.{family}{chance.randint(1, 999)}@{chance.choice(('one', 'two', 'three'))}.example"
    return [
        given, family, f"{chance.randint(1930, 2005)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        f"{chance.randint(1, 200)} {chance.choice(streets)} street", f"{10_000 + city * 100 + chance.randrange(100)}", cities[city],
        mail if chance.random() < 0.8 else "", f"0{chance.randint(10**8, 10**9 - 1)}" if chance.random() < 0.7 else "",
    ]  # fmt: skip


def _common(chance: random.Random, names: list[str]) -> str:
    """Some names are common, most are rare."""
    return names[int(len(names) * chance.random() ** 2.5)]


def _spoilt(
    chance: random.Random, people: list[list[str]], at: int, streets: list[str], cities: list[str]
) -> list[str]:
    row = list(people[at])
    for _ in range(chance.choice((1, 1, 2, 3))):
        column = chance.randrange(len(row))
        row[column] = "" if chance.random() < 0.15 else _typo(chance, row[column])
    if chance.random() < 0.03:
        row[0], row[1] = row[1], row[0]
    if chance.random() < 0.1:
        row[3:6] = [
            f"{chance.randint(1, 200)} {chance.choice(streets)} street",
            str(10_000 + chance.randrange(80_000)),
            chance.choice(cities),
        ]
    return row


def _typo(chance: random.Random, text: str) -> str:
    if not text:
        return text
    at = chance.randrange(len(text))
    letter = chance.choice("0123456789" if text[at].isdigit() else "abcdefghijklmnopqrstuvwxyz")
    return chance.choice([
        text[:at] + letter + text[at + 1 :], text[:at] + text[at + 1 :], text[:at] + letter + text[at:],
        text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
    ])  # fmt: skip


def for_splink(folder: Path) -> None:
    """What Splink alone is given for nothing: the fields written alike, and the rules that we chose."""
    from firsthand.people.columns import find_columns
    from firsthand.people.fields import fields_of, make_people
    from firsthand.people.lists import read_lists
    from firsthand.people.rules import choose_rules

    with duckdb.connect() as connection:
        names = read_lists(connection, [folder / "people.csv"])
        made = fields_of(find_columns(connection, "records", names))
        make_people(connection, "records", made)
        rules = choose_rules(connection, "people", [field for field, _ in made])
        connection.execute(f"COPY people TO '{folder / 'people.parquet'}'")
    (folder / "rules.json").write_text(json.dumps([rule.sql for rule in rules]), "utf-8")


def splink_alone(folder: Path) -> None:
    """Splink as its tutorial has it: comparisons from its library, u by sampling, m by two rules, one threshold."""
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    rules = json.loads((folder / "rules.json").read_text("utf-8"))
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE people AS FROM '{folder / 'people.parquet'}'")
    api = DuckDBAPI(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.NameComparison("first_name"), compare.NameComparison("surname"), compare.LevenshteinAtThresholds("birth_date", [1, 2]),
            compare.JaroWinklerAtThresholds("street"), compare.LevenshteinAtThresholds("postcode", [1]), compare.ExactMatch("city"),
            compare.LevenshteinAtThresholds("email", [2]), compare.LevenshteinAtThresholds("phone", [1]),
        ],
        blocking_rules_to_generate_predictions=rules,
    )  # fmt: skip
    linker = Linker(api.register("people", dataset_display_name="list"), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("first_name", "surname", "birth_date")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth_date"))
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    people = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.95)
    relation = people.as_duckdbpyrelation()
    relation.select("unique_id AS id, cluster_id AS customer_id").write_csv(str(folder / "splink.csv"))


def f1(clusters: Path, truth: Path) -> tuple[float, float, float]:
    """Pairwise precision, recall and F1. Both files name a record in the first column; a person in the second."""
    pairs = "sum(c * (c - 1) / 2) FROM (SELECT count(*) AS c FROM met GROUP BY"
    with duckdb.connect() as connection:
        connection.execute(f"""
            CREATE TABLE met AS SELECT found.customer_id, truth.column1 AS person
            FROM read_csv('{clusters}', all_varchar = true, header = true) found
            JOIN read_csv('{truth}', all_varchar = true, header = false, skip = 1) truth ON truth.column0 = found.id""")
        both, joined, true = (
            connection.execute(f"SELECT {pairs} {by})").fetchall()[0][0]
            for by in ("customer_id, person", "customer_id", "person")
        )
    return both / joined, both / true, 2 * both / (joined + true)


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "make":
        make(Path(rest[0]), int(rest[1]))
    elif what == "splink":
        splink_alone(Path(rest[0]))
    else:
        print("precision {:.4f}, recall {:.4f}, F1 {:.4f}".format(*f1(Path(rest[0]), Path(rest[1]))))

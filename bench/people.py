"""Who is who in a million made-up records, beside what Splink alone takes with the same rules.

python bench/people.py make FOLDER RECORDS     people.csv, truth.csv, and for Splink alone people.parquet and rules.json
python bench/people.py splink FOLDER           Splink's own training, prediction and clustering of people.parquet
python bench/people.py f1 CLUSTERS TRUTH       pairwise precision, recall and F1 of clusters against the truth
python bench/people.py labelled DATA           F1 of ours and of Splink alone on FEBRL 1 to 3 and fake_1000, in the folder DATA
"""

from __future__ import annotations

import csv
import json
import random
import re
import subprocess
import sys
import tempfile
from itertools import islice
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

    rules = json.loads((folder / "rules.json").read_text("utf-8"))
    comparisons = [
        compare.NameComparison("first_name"), compare.NameComparison("surname"), compare.LevenshteinAtThresholds("birth_date", [1, 2]),
        compare.JaroWinklerAtThresholds("street"), compare.LevenshteinAtThresholds("postcode", [1]), compare.ExactMatch("city"),
        compare.LevenshteinAtThresholds("email", [2]), compare.LevenshteinAtThresholds("phone", [1]),
    ]  # fmt: skip
    table = f"SELECT * FROM '{folder / 'people.parquet'}'"
    _splink(table, comparisons, rules, ("first_name", "surname"), "birth_date", folder / "splink.csv")


def splink_untuned(listed: Path, out: Path) -> None:
    """The same for a list with labels: every column as it is written, pairs that share any one of three."""
    import splink.comparison_library as compare

    febrl = "given_name" in listed.read_text("utf-8").split("\n", 1)[0]
    first, born, number = ("given_name", "date_of_birth", "rec_id") if febrl else ("first_name", "dob", "unique_id")
    comparisons = [compare.NameComparison(first), compare.NameComparison("surname"), compare.LevenshteinAtThresholds(born, [1, 2])]  # fmt: skip
    if febrl:
        comparisons += [
            compare.JaroWinklerAtThresholds("address_1"), compare.ExactMatch("suburb"),
            compare.LevenshteinAtThresholds("postcode", [1]), compare.LevenshteinAtThresholds("soc_sec_id", [2]),
        ]  # fmt: skip
    else:
        comparisons += [compare.ExactMatch("city"), compare.LevenshteinAtThresholds("email", [2])]
    rules = [f'l."{name}" = r."{name}"' for name in (first, "surname", born)]
    read = f"read_csv('{listed}', all_varchar = true, header = true)"
    names = ", ".join(f'nullif(trim("{each}"), \'\') AS "{each.strip()}"' for each in _columns(read))
    _splink(f'SELECT "{number}" AS unique_id, {names} FROM {read}', comparisons, rules, (first, "surname"), born, out)


def _columns(relation: str) -> list[str]:
    with duckdb.connect() as connection:
        return [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]


def _splink(select: str, comparisons: list, rules: list[str], names: tuple[str, str], born: str, out: Path) -> None:  # type: ignore[type-arg]
    """Splink's training, prediction and clustering of the rows of a query."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE people AS {select}")
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules
    )
    linker = Linker(DuckDBAPI(connection).register("people", dataset_display_name="list"), settings)
    linker.training.estimate_probability_two_random_records_match([block_on(*names, born)], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on(*names))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on(born))
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    people = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.95)
    relation = people.as_duckdbpyrelation()
    relation.select("unique_id AS id, cluster_id AS customer_id").write_csv(str(out))


def labelled(data: Path) -> None:
    """Prints the F1 of ours and of Splink alone on lists of which it is known who is who; says which are not there."""
    firsthand = str(Path(sys.executable).with_name("firsthand"))
    lists = {f"FEBRL{n}": data / "febrl" / f"dataset{n}.csv" for n in (1, 2, 3)}
    for name, listed in (lists | {"fake_1000": data / "splink_datasets" / "fake_1000.csv"}).items():
        if not listed.is_file():
            print(f"    {name}: skipped, since {listed} is not there", flush=True)
            continue
        with tempfile.TemporaryDirectory() as folder:
            truth, ours, theirs = (Path(folder) / f"{each}.csv" for each in ("truth", "ours", "splink"))
            with listed.open(newline="") as rows, truth.open("w", newline="") as told:
                write = csv.writer(told)
                write.writerow(["id", "person"])
                for row in csv.DictReader(rows, skipinitialspace=True):
                    number = row.get("rec_id") or row["unique_id"]
                    write.writerow([number, row.get("cluster") or re.findall(r"\d+", number)[0]])
            done = [firsthand, "people", "match", str(listed), "--out", str(ours)]
            subprocess.run(done, check=True, stdout=subprocess.DEVNULL)
            subprocess.run(
                [sys.executable, __file__, "untuned", str(listed), str(theirs)], check=True, capture_output=True
            )
            found = f1(ours, truth)[2], f1(theirs, truth)[2]
        print("    {}: F1 {:.4f}, Splink untuned {:.4f}".format(name, *found), flush=True)


MAPPING = """
source: list
interactions:
  - id: {column: id}
    occurred_at: {constant: "2026-03-01T10:00:00Z"}
    event: {constant: Listed}
    identifiers:
      customer_number: {column: id}
      first_name: {column: first_name}
      last_name: {column: surname}
      date_of_birth: {column: dob}
      street: {column: street}
      postcode: {column: postcode}
      city: {column: city}
      email: {column: email}
      phone: {column: phone}
"""


def arrivals(folder: Path, count: int) -> tuple[Path, Path]:
    """A mapping of `people.csv`, and a list of so many records more: every second a spoilt one of somebody in it."""
    chance = random.Random(2)
    with (folder / "people.csv").open(newline="") as listed:
        known = [row[1:] for _, row in zip(range(count), islice(csv.reader(listed), 1, None), strict=False)]
    first, last, streets, cities = (_words(chance, size) for size in (2_000, 30_000, 20_000, 800))
    (folder / "people.yaml").write_text(MAPPING, "utf-8")
    with (folder / "arrivals.csv").open("w", newline="") as told:
        rows = csv.writer(told)
        rows.writerow(HEADER)
        for number in range(count):
            again = number % 2 and number < len(known)
            row = _spoilt(chance, known, number, streets, cities) if again else _person(chance, first, last, streets, cities)  # fmt: skip
            rows.writerow([f"new{number}", *row])
    return folder / "people.yaml", folder / "arrivals.csv"


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
    elif what == "untuned":
        splink_untuned(Path(rest[0]), Path(rest[1]))
    elif what == "labelled":
        labelled(Path(rest[0]))
    else:
        print("precision {:.4f}, recall {:.4f}, F1 {:.4f}".format(*f1(Path(rest[0]), Path(rest[1]))))

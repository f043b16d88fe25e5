"""How people write down where they can be reached and what they bought, in the midst of a comment."""

from __future__ import annotations

import numpy as np

CONTACTS = ("email", "phone", "iban", "url")


def contact(rng: np.random.Generator, kind: str, *, email: str, phone: str, order: int) -> str:
    """An e-mail address, a phone number, an IBAN with right check digits, or a link to an order that opens it."""
    if kind == "email":
        return email.upper() if rng.random() < 0.1 else email
    if kind == "phone":
        network, number = phone.removeprefix("+49 ").split(" ")
        ways = (
            f"+49 {network} {number}", f"+49{network}{number}", f"+49 (0) {network} {number}", f"0049 {network} {number}",
            f"0{network} {number}", f"0{network}/{number}", f"0{network}-{number}", f"0{network}{number}",
            f"(0{network}) {number}", f"0{network} {number[:3]} {number[3:5]} {number[5:]}",
        )  # fmt: skip
        return ways[int(rng.integers(len(ways)))]
    if kind == "iban":
        digits = "".join(str(digit) for digit in rng.integers(0, 10, 18))
        whole = f"DE{98 - int(digits + '131400') % 97:02d}{digits}"
        return " ".join(whole[at : at + 4] for at in range(0, 22, 4)) if rng.random() < 0.7 else whole
    token = "".join(f"{part:08x}" for part in rng.integers(0, 2**32, 3))
    return f"https://hearth.example/orders/O{max(order, 0)}?token={token}"


def order_numbers(rng: np.random.Generator, order: int, language: str) -> dict[str, str]:
    """What looks like a phone number and is none: numbers of orders, amounts, days and times."""
    day, month, year = int(rng.integers(1, 29)), int(rng.integers(1, 13)), int(rng.integers(2024, 2027))
    dates = (
        f"{day:02d}.{month:02d}.{year}",
        f"{day}.{month}.",
        f"{year}-{month:02d}-{day:02d}",
        f"{day:02d}/{month:02d}/{year}",
    )
    amount = f"{int(rng.integers(10, 1500))}.{int(rng.integers(100)):02d}"
    return {
        "order": f"O{order}",
        "digits": f"{int(rng.integers(10**9, 10**10))}",
        "amount": amount.replace(".", ",") if language == "de" else amount,
        "date": dates[int(rng.integers(len(dates)))],
        "time": f"{int(rng.integers(7, 22)):02d}:{int(rng.integers(60)):02d}",
    }

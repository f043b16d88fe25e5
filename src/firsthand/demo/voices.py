"""What people write in surveys, in English and German, about what happened to them."""

from __future__ import annotations

import numpy as np

# topic -> sentiment -> language -> sentences; {product} and {days} are filled in.
SAID: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "delivery late": {"negative": {
        "en": ("My parcel came {days} days late.", "You promised a day and then nobody came.", "I waited at home for a delivery that did not arrive.", "The delivery date was wrong and nobody told me."),
        "de": ("Mein Paket kam {days} Tage zu spät.", "Der zugesagte Liefertermin wurde nicht eingehalten.", "Ich habe den ganzen Tag umsonst auf die Lieferung gewartet.", "Niemand hat mir gesagt, dass es später kommt."),
    }},
    "delivery good": {"positive": {
        "en": ("Arrived exactly when you said.", "Quick delivery, friendly driver.", "The parcel was here on time and well packed."),
        "de": ("Pünktlich geliefert, genau wie zugesagt.", "Schnelle Lieferung und freundlicher Fahrer.", "Alles gut verpackt und rechtzeitig da."),
    }},
    "instructions": {"negative": {
        "en": ("The manual of {product} makes no sense.", "I could not put {product} together with these instructions."),
        "de": ("Die Anleitung von {product} ist unverständlich übersetzt.", "Mit dieser Anleitung kann man {product} nicht aufbauen.", "Die deutsche Anleitung passt nicht zum Produkt."),
    }},
    "fee": {"negative": {
        "en": ("Where does the service fee on my invoice come from?", "A surprise fee of 2.90, nobody mentioned it."),
        "de": ("Woher kommt plötzlich die Servicegebühr auf der Rechnung?", "2,90 Euro Gebühr ohne Vorwarnung, das ist ärgerlich."),
    }},
    "app": {"negative": {
        "en": ("Since the update I cannot find my orders in the app.", "The new app is slow and my list is gone."),
        "de": ("Seit dem Update finde ich meine Bestellungen in der App nicht mehr.", "Die neue App ist langsam und meine Merkliste ist weg."),
    }, "positive": {
        "en": ("I like ordering in the app.", "The app is easy to use."),
        "de": ("Bestellen in der App ist einfach.", "Die App gefällt mir."),
    }},
    "payment": {"negative": {
        "en": ("The payment failed and I had to start again.", "I was afraid of being charged twice."),
        "de": ("Die Zahlung ist fehlgeschlagen und ich musste von vorn anfangen.", "Die Kasse hat meine Karte nicht genommen."),
    }},
    "staff": {"positive": {
        "en": ("Your colleague on the phone solved it at once.", "Very kind help, thank you."),
        "de": ("Der Kollege am Telefon hat es sofort gelöst.", "Sehr freundliche Hilfe, danke."),
    }, "negative": {
        "en": ("I had to call three times until somebody understood.", "I was sent from one person to the next."),
        "de": ("Ich musste dreimal anrufen, bis mich jemand verstand.", "Ich wurde nur weitergereicht."),
    }},
    "price": {"neutral": {
        "en": ("Prices are about the same as elsewhere.", "It is fine, nothing special."),
        "de": ("Die Preise sind wie überall.", "In Ordnung, nichts Besonderes."),
    }},
    "range": {"positive": {
        "en": ("Great choice and good quality.", "I always find what I need."),
        "de": ("Tolle Auswahl und gute Qualität.", "Ich finde immer, was ich brauche."),
    }},
}  # fmt: skip
CLOSING: dict[str, dict[str, tuple[str, ...]]] = {
    "negative": {"en": ("Not again.", "Please fix this.", "I expected more.", ""), "de": ("So nicht.", "Bitte ändern Sie das.", "Ich hatte mehr erwartet.", "")},
    "positive": {"en": ("Thank you!", "Keep it up.", ""), "de": ("Vielen Dank!", "Weiter so.", "")},
    "neutral": {"en": ("",), "de": ("",)},
}  # fmt: skip


def comment(rng: np.random.Generator, topic: str, sentiment: str, language: str, *, product: str, days: int) -> str:
    """A comment on a topic: a sentence and perhaps a closing."""
    sides = SAID[topic]
    side = sentiment if sentiment in sides else next(iter(sides))
    sentences = sides[side][language]
    closings = CLOSING[side][language]
    text = sentences[int(rng.integers(len(sentences)))].format(product=product, days=max(days, 2))
    return f"{text} {closings[int(rng.integers(len(closings)))]}".strip()

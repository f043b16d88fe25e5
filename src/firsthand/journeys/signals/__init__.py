"""Signals: evidence in behaviour that nobody had to say, one file each. To add one, see CONTRIBUTING.md."""

from firsthand.journeys.signals.failed_self_help import FAILED_SELF_HELP
from firsthand.journeys.signals.found import found
from firsthand.journeys.signals.long_wait import LONG_WAIT
from firsthand.journeys.signals.repeat_contact import REPEAT_CONTACT
from firsthand.journeys.signals.returned_goods import RETURNED_GOODS
from firsthand.journeys.signals.signal import Lives, Signal
from firsthand.journeys.signals.surprise_fee import SURPRISE_FEE

BAD = [REPEAT_CONTACT, LONG_WAIT, SURPRISE_FEE, RETURNED_GOODS, FAILED_SELF_HELP]
GOOD: list[Signal] = []
ALL: list[Signal] = [*BAD, *GOOD]

__all__ = ["ALL", "BAD", "GOOD", "Lives", "Signal", "found"]

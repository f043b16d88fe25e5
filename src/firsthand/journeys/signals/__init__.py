"""Signals: evidence in behaviour that nobody had to say, one file each. To add one, see CONTRIBUTING.md."""

from firsthand.journeys.signals.abandoned_cart import ABANDONED_CART
from firsthand.journeys.signals.asked_again import ASKED_AGAIN
from firsthand.journeys.signals.broken_promise import BROKEN_PROMISE
from firsthand.journeys.signals.came_back import CAME_BACK
from firsthand.journeys.signals.cart_gone import CART_GONE
from firsthand.journeys.signals.channel_switch import CHANNEL_SWITCH
from firsthand.journeys.signals.contradiction import CONTRADICTION
from firsthand.journeys.signals.failed_self_help import FAILED_SELF_HELP
from firsthand.journeys.signals.found import found, judged
from firsthand.journeys.signals.gone_quiet import GONE_QUIET
from firsthand.journeys.signals.kept_early import KEPT_EARLY
from firsthand.journeys.signals.long_wait import LONG_WAIT
from firsthand.journeys.signals.loop import LOOP
from firsthand.journeys.signals.recommended import RECOMMENDED
from firsthand.journeys.signals.repeat_contact import REPEAT_CONTACT
from firsthand.journeys.signals.returned_goods import RETURNED_GOODS
from firsthand.journeys.signals.signal import Lives, Signal
from firsthand.journeys.signals.solved_first import SOLVED_FIRST
from firsthand.journeys.signals.surprise_fee import SURPRISE_FEE
from firsthand.journeys.signals.transfer import TRANSFER
from firsthand.journeys.signals.where_is_it import WHERE_IS_IT

BAD = [
    REPEAT_CONTACT,
    CHANNEL_SWITCH,
    TRANSFER,
    LONG_WAIT,
    WHERE_IS_IT,
    BROKEN_PROMISE,
    ABANDONED_CART,
    CART_GONE,
    SURPRISE_FEE,
    RETURNED_GOODS,
    ASKED_AGAIN,
    FAILED_SELF_HELP,
    CONTRADICTION,
    LOOP,
    GONE_QUIET,
]
GOOD = [KEPT_EARLY, SOLVED_FIRST, CAME_BACK, RECOMMENDED]
ALL = [*BAD, *GOOD]

__all__ = ["ALL", "BAD", "GOOD", "Lives", "Signal", "found", "judged"]

"""What to say when the agency gives no answer: why, in plain words, and what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from punktlig.exchange.outcomes import Why
from punktlig.ui import writing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from punktlig.receivables.records.late_messages import Silence, Silences

_WAIT = gettext_lazy("Varar det mer än en dag, ring ombudet.")
_WORDS: Mapping[Why, tuple[_StrPromise, _StrPromise]] = {
    Why.NOT_REACHED: (gettext_lazy("Ombudets server går inte att nå."), _WAIT),
    Why.NO_ANSWER_IN_TIME: (gettext_lazy("Ombudets server svarar inte i tid."), _WAIT),
    Why.CONNECTION_BROKE: (gettext_lazy("Förbindelsen med ombudets server bryts."), _WAIT),
    Why.ANSWER_UNREADABLE: (
        gettext_lazy("Ombudets server svarar, men svaret går inte att läsa."),
        gettext_lazy("Ring ombudet, så att de ser över det."),
    ),
    Why.KEY_NOT_ACCEPTED: (
        gettext_lazy("Ombudets server godtar inte programmets API-nyckel."),
        gettext_lazy("Be den som sköter programmet att lägga in en giltig nyckel."),
    ),
    Why.TOO_MANY_REQUESTS: (gettext_lazy("Ombudets server har mycket att göra och ber oss vänta."), _WAIT),
    Why.OTHER_STATUS: (gettext_lazy("Ombudets server svarar med ett fel."), _WAIT),
}


@dataclass(frozen=True)
class SilenceText:
    """`what` waits and since when, `why`, and what `todo`."""

    what: str
    why: str
    todo: str


def why_words(problem: str) -> tuple[str, str]:
    """Return why there was no answer and what to do, from a message's `last_problem`."""
    word = problem.partition(" ")[0]
    what, todo = _WORDS[Why(word) if word in set(Why) else Why.OTHER_STATUS]
    return str(what), str(todo)


def handovers_wait(silence: Silence) -> SilenceText:
    """Return the words for invoices on the way that the agency does not answer; nothing is lost by waiting."""
    why, todo = why_words(silence.problem)
    words = {"count": silence.count, "since": writing.moment(silence.since)}
    what = (
        ngettext(
            "%(count)d faktura är skickad men obesvarad sedan %(since)s.",
            "%(count)d fakturor är skickade men obesvarade sedan %(since)s.",
            silence.count,
        )
        % words
    )
    return SilenceText(
        what, why, _joined(_("Vi försöker igen av oss själva: inget går förlorat och inget skickas två gånger."), todo)
    )


def invoice_waits(silence: Silence) -> SilenceText:
    """Return the same for the page of one invoice."""
    several = handovers_wait(silence)
    what = _("Ombudet har inte svarat sedan %s.") % writing.moment(silence.since)
    return SilenceText(what, several.why, several.todo)


def sending_would_wait(silences: Silences) -> SilenceText | None:
    """Return the words for who is about to send to a silent agency: they may, but the days shown may not hold."""
    found = [one for one in (silences.handovers, silences.commands) if one is not None]
    if not found:
        return None
    longest = min(found, key=lambda one: one.since)
    why, _todo = why_words(longest.problem)
    return SilenceText(
        _("Ombudet har inte svarat sedan %s.") % writing.moment(longest.since),
        why,
        _("Du kan skicka ändå: det väntar här tills ombudet svarar, men breven kan gå senare än det står."),
    )


def commands_wait(silence: Silence) -> SilenceText:
    """Return the words for payments and credit notes that the agency does not know of: a letter may leave meanwhile."""
    why, _todo = why_words(silence.problem)
    words = {"count": silence.count, "since": writing.moment(silence.since)}
    what = (
        ngettext(
            "%(count)d betalning eller kreditering har inte nått ombudet, som inte har svarat sedan %(since)s.",
            "%(count)d betalningar eller krediteringar har inte nått ombudet, som inte har svarat sedan %(since)s.",
            silence.count,
        )
        % words
    )
    todo = _("Vi försöker igen av oss själva. Ring ombudet, så att inget brev skickas på det som är betalt.")
    return SilenceText(what, why, todo)


def reversals_wait(silence: Silence) -> SilenceText:
    """Return the words for payments taken back that the agency does not know of: both go on counting them."""
    why, todo = why_words(silence.problem)
    words = {"count": silence.count, "since": writing.moment(silence.since)}
    what = (
        ngettext(
            "%(count)d betalning som ska tas tillbaka hos ombudet väntar sedan %(since)s.",
            "%(count)d betalningar som ska tas tillbaka hos ombudet väntar sedan %(since)s.",
            silence.count,
        )
        % words
    )
    return SilenceText(what, why, _joined(_("Vi försöker igen av oss själva. Tills dess räknas det som betalt."), todo))


def texts_of(silences: Silences) -> list[SilenceText]:
    """Return the words for what of the company's the agency does not answer."""
    return [
        *([handovers_wait(silences.handovers)] if silences.handovers else []),
        *([commands_wait(silences.commands)] if silences.commands else []),
        *([reversals_wait(silences.reversals)] if silences.reversals else []),
    ]


def events_wait(since: datetime) -> SilenceText:
    """Return the words for what the agency has told and could not be applied here: the invoices show an older state."""
    return SilenceText(
        _("Besked från ombudet går inte att läsa in sedan %s.") % writing.moment(since),
        _("Det som står om fakturor hos ombudet kan vara gammalt."),
        _joined(
            _("Vi försöker igen av oss själva, och inget går förlorat."),
            _("Varar det mer än en timme, be den som sköter programmet läsa loggen."),
        ),
    )


def activation_waits(silence: Silence) -> SilenceText:
    """Return the words for an activation that the agency does not answer."""
    why, todo = why_words(silence.problem)
    what = _("Ombudet har inte svarat på aktiveringen sedan %s.") % writing.moment(silence.since)
    return SilenceText(what, why, _joined(_("Vi försöker igen av oss själva."), todo))


def facts_wait(silence: Silence) -> SilenceText:
    """Return the words for changed facts that the agency does not know of: it pays out to the account it knows."""
    activation = activation_waits(silence)
    what = _("Ombudet har inte svarat sedan %s.") % writing.moment(silence.since)
    return SilenceText(what, activation.why, activation.todo)


def _joined(*sentences: str) -> str:
    return " ".join(sentences)

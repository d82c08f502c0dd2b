"""What has changed since a preview was shown, in sentences; the form carries along what it showed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from punktlig.receivables.records.sending_facts import planned_day
from punktlig.ui import writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from punktlig.receivables.web.sending_one import Preview

_MOST_DIGITS = 15


def has_new_day(saw: Mapping[str, str], *, today: date) -> bool:
    """Tell whether the preview was of another day than today; one that does not say its day was of none."""
    try:
        return date.fromisoformat(saw.get("saw_today", "")) != today
    except ValueError:
        return False


def new_day_words() -> str:
    """Return what a new day means for what was reviewed."""
    return _("En ny dag har börjat sedan du granskade, och summorna är räknade på nytt.")


def one_changed(saw: Mapping[str, str], now: Preview, *, today: date) -> list[str]:
    """Return what is no longer as the earlier preview of one reminder showed it. Always at least one sentence."""
    found = [new_day_words()] if has_new_day(saw, today=today) else []
    if saw.get("saw_to") != now.saw["saw_to"]:
        found.append(_("Mottagaren eller adressen är en annan."))
    found += [
        words % {"before": writing.with_currency(before), "now": writing.with_currency(int(now.saw[name]))}
        for name, words in (
            ("saw_left", _("Kvar att betala var %(before)s och är nu %(now)s.")),
            ("saw_total", _("Kravet var %(before)s och är nu %(now)s.")),
        )
        if (before := _number(saw.get(name))) is not None and now.saw[name] and before != int(now.saw[name])
    ]
    if saw.get("saw_day") != now.saw["saw_day"]:
        found.append(_("Brevet får en annan dag: %s.") % writing.day_and_month(_day_of_letter(now)))
    return found or [_("Uppgifter på fakturan har ändrats.")]


def many_changed(saw: Mapping[str, str], *, today: date) -> str:
    """Return what to say above a preview of many that is shown again."""
    before = _number(saw.get("saw_count"))
    now = (
        _("Så här är det nu.")
        if before is None
        else _("Sammanställningen visade %s påminnelser. Så här är det nu.") % writing.whole(before)
    )
    return f"{new_day_words()} {now}" if has_new_day(saw, today=today) else now


def _day_of_letter(preview: Preview) -> date:
    return preview.reminder.facts.today if preview.reminder else planned_day(preview.prepared.facts.today)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None

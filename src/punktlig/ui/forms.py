"""Forms as people here fill them in: days and amounts in Swedish ways of writing, and fields that say what is wrong.

A field of these forms is drawn by `ui/forms/field.html` with its label, its hint and its error, all tied to the input
for those who listen; a form that was refused begins with a summary that leads to each fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from punktlig import clock
from punktlig.core.money import Money, NotAnAmount
from punktlig.ui import writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

_GROUPED_BY_POINT = re.compile(r"\d{1,3}(?:[.]\d{3})+(?:,\d)?", re.ASCII)
_GROUPED_BY_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+(?:[.]\d)?", re.ASCII)
_CURRENCY = re.compile(r"\s*(?:kr(?:onor)?|sek|:-)\.?$|^(?:kr|sek)\s+", re.IGNORECASE)
_TOO_LONG = re.compile(r"-?\d{14,}(?:[.,]\d{0,2})?", re.ASCII)  # more kronor than Money reads
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
# What the agency takes, too.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_MINUSES = re.compile(r"^[\u2010-\u2015\u2212]")

_ISO = re.compile(r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})", re.ASCII)
_NUMBERS = re.compile(r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})(?:[ /.-](?P<year>\d{4}))?", re.ASCII)
_WORDS = re.compile(r"(?:den )?(?P<day>\d{1,2})(?:\.|:?e)? (?P<name>[^\W\d_]{3,})\.?(?: (?P<year>\d{4}))?")
_HALF_A_YEAR = timedelta(days=183)


class PageRenderer(TemplatesSetting):
    """Draws forms with the site's own templates, where a widget's template may use our tags too."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


def _month_names() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in ("sv", "en"):
        months = Locale(language).months["format"]
        for width in ("wide", "abbreviated"):
            names |= {str(name).rstrip(".").lower(): number for number, name in months[width].items()}
    return names | {"sept": 9, "mar": 3, "jun": 6, "jul": 7}


_MONTHS = _month_names()


class NotADay(ValueError):
    """The text is no day, or not written in a way that can only mean one."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"{text!r} is no day that can only be read in one way, such as 2026-11-25")


def read_day(text: str, *, today: date) -> date:
    """Return the day written as `2026-11-25`, `20261125`, `25/11 2026`, `25/11`, `25 november` or `25 nov 2026`.

    Without a year it is the year that brings the day closest to `today`.

    Raises:
        NotADay: anything else, also a day of a year such as 226, which is a slip.
    """
    try:
        day = _read_day(_SPACES.sub(" ", text).strip().lower(), today)
    except ValueError as problem:
        raise NotADay(text) from problem
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise NotADay(text)
    return day


def _read_day(written: str, today: date) -> date:
    if found := _ISO.fullmatch(written):
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    if found := _NUMBERS.fullmatch(written):
        return _near(found["year"], int(found["month"]), int(found["day"]), today)
    if (found := _WORDS.fullmatch(written)) and found["name"] in _MONTHS:
        return _near(found["year"], _MONTHS[found["name"]], int(found["day"]), today)
    raise ValueError(written)


def _near(year: str | None, month: int, day: int, today: date) -> date:
    if year is not None:
        return date(int(year), month, day)
    candidates = []
    for near in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(date(near, month, day))
        except ValueError:  # 29 February exists in one year of four
            continue
    close = [candidate for candidate in candidates if abs(candidate - today) <= _HALF_A_YEAR]
    if not candidates:
        raise ValueError(month, day)
    return close[0] if close else min(candidates, key=lambda candidate: abs(candidate - today))


def this_day() -> date:
    """Return the day as the clock says it when asked, for the bound of a field that outlives the day."""
    return clock.today()


class DayField(forms.Field):
    """A day as text, since a browser's own date field follows the browser's language; shown as `2026-11-25`.

    `not_before` and `not_after` are bounds, given as functions since a form class outlives the day.
    """

    widget = forms.TextInput

    def __init__(
        self,
        *,
        not_before: Callable[[], date] | None = None,
        not_after: Callable[[], date] | None = None,
        **options: Any,
    ) -> None:
        self.not_before, self.not_after = not_before, not_after
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "text", "autocomplete": "off", "class": "input input--short"}
        self.widget.attrs.setdefault("placeholder", gettext_lazy("åååå-mm-dd"))

    def to_python(self, value: object) -> date | None:
        """Return the day that was written.

        Raises:
            ValidationError: it is no day; the text shows how to write one.
        """
        if isinstance(value, date):
            return value
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return read_day(str(value), today=clock.today())
        except NotADay as problem:
            raise ValidationError(
                _("Skriv dagen som %(example)s, eller 25 november."),
                code="invalid",
                params={"example": clock.today().isoformat()},
            ) from problem

    def validate(self, value: date | None) -> None:
        """Hold the day to its bounds."""
        super().validate(value)
        if value is None:
            return
        if self.not_before and value < (first := self.not_before()):
            raise ValidationError(
                _("Välj %(day)s eller en senare dag."), code="early", params={"day": writing.day(first)}
            )
        if self.not_after and value > (last := self.not_after()):
            raise ValidationError(
                _("Välj %(day)s eller en tidigare dag."), code="late", params={"day": writing.day(last)}
            )

    def prepare_value(self, value: object) -> object:
        """Show a day in the form that can only mean one."""
        return value.isoformat() if isinstance(value, date) else value

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare days rather than their spelling."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class AmountField(forms.Field):
    """An amount in kronor as Money: `1 234,50`, `1234.50` or as a page writes it. `least` and `most` are bounds."""

    widget = forms.TextInput

    def __init__(self, *, least: Money | None = None, most: Money | None = None, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "input input--short num"}

    def to_python(self, value: object) -> Money | None:
        """Return the amount that was written.

        Raises:
            ValidationError: it is no amount, or one that two people would read differently.
        """
        if value in self.empty_values:
            return None
        if isinstance(value, Money):
            return value
        written = _CURRENCY.sub("", _SPACES.sub(" ", str(value)).strip())
        written = _MINUSES.sub("-", written).replace("- ", "-").replace(" ", "")
        if _GROUPED_BY_POINT.fullmatch(written.lstrip("-")) or _GROUPED_BY_COMMA.fullmatch(written.lstrip("-")):
            raise ValidationError(
                _(
                    "Skriv tusental med mellanslag och ören efter komma: 1 234,50. "
                    "En punkt eller ett komma före tre siffror kan läsas på två sätt."
                ),
                code="ambiguous",
            )
        try:
            return Money.parse(written)
        except NotAnAmount as problem:
            if _TOO_LONG.fullmatch(written):
                raise ValidationError(_("Beloppet har för många siffror."), code="large") from problem
            raise ValidationError(
                _("Skriv ett belopp i kronor med högst två decimaler, till exempel 1 234,50."), code="invalid"
            ) from problem

    def validate(self, value: Money | None) -> None:
        """Hold the amount to its bounds."""
        super().validate(value)
        if value is None:
            return
        if self.least is not None and value < self.least:
            raise ValidationError(
                _("Beloppet ska vara minst %(amount)s."),
                code="small",
                params={"amount": writing.with_currency(self.least)},
            )
        if self.most is not None and value > self.most:
            raise ValidationError(
                _("Beloppet får vara högst %(amount)s."),
                code="large",
                params={"amount": writing.with_currency(self.most)},
            )

    def prepare_value(self, value: object) -> object:
        """Show an amount as it is written in the page's language; what somebody wrote stays as it was."""
        return writing.amount(value) if isinstance(value, Money) else value

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare amounts rather than their spelling."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


@dataclass(frozen=True)
class Answer:
    """An answer to choose, and under it what follows from choosing it: the label of a choice."""

    name: str | _StrPromise
    why: str | _StrPromise = ""

    def __str__(self) -> str:
        return str(self.name)


class PageForm(forms.Form):
    """A form of our pages: labels without a colon, and a missing answer is asked for in words that fit its field.

    A form of a record (ModelForm) takes the same by `forms.ModelForm` after this class.
    """

    use_required_attribute = False

    def __init__(self, *positional: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*positional, **options)
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _missing(field)


def _missing(field: forms.Field) -> str:
    if isinstance(field, forms.BooleanField):
        return _("Kryssa i rutan för att gå vidare.")
    if isinstance(field, forms.ChoiceField):
        return _("Välj ett av svaren.")
    if isinstance(field, forms.FileField):
        return _("Välj en fil.")
    return _("Fyll i det här.")

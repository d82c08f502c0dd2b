"""What needs a person at the agency, gathered from what is written, the longest waiting first."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from punktlig.agency.records.added_rate import AddedRate
from punktlig.agency.records.claim import Claim, RefusedHandover
from punktlig.agency.records.claim_needs import needs_of
from punktlig.agency.records.claim_words import OPEN, debtor_shown
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.event import FeedEntry, WebhookDelivery
from punktlig.agency.records.letter import Delivery, DeliveryState, PrintBatch
from punktlig.agency.records.platform import Platform
from punktlig.agency.records.reference_rates import all_known_rates, disagreeing_rates
from punktlig.agency.web.fault_words import creditor_faults
from punktlig.agency.web.rate_words import claims_that_wait, half_year_words, waiting_words
from punktlig.agency.web.to_do_item import Kind, ToDo
from punktlig.clock import STOCKHOLM
from punktlig.core.added_rates import asked_from, earliest_entry, next_unknown
from punktlig.ui import writing
from punktlig.ui.parts import Fact
from punktlig.ui.reason_words import reason_words
from punktlig.ui.told_refusals import explain_told

if TYPE_CHECKING:
    from collections.abc import Iterator

# How many tries have failed before somebody is told: of a webhook about half an hour, of a letter a quarter.
FAILED_TRIES = 4
# How long a platform may be without a new claim or event before somebody wonders.
SILENT = timedelta(days=7)
# A refusal that the creditor has not mended by then is old news.
REFUSALS_KEPT = timedelta(days=30)
_MOST = 200
_LETTER_CODES = frozenset(
    {
        "letter_refused",
        "letter_may_have_left",
        "letter_drawing_failed",
        "letter_content_unreadable",
        "could_not_be_made",
        "claim_unreadable",
        "charge_would_change",
    }
)


def everything_to_do(*, at: datetime) -> list[ToDo]:
    """Return what needs a person, oldest first. Reads across creditors."""
    found = [
        *_claims(),
        *creditor_faults(),
        *_waiting_for_print(at),
        *_batches(),
        *_unwritten_batches(),
        *_emails(),
        *_refused_handovers(at),
        *_rates(at),
        *_webhooks(),
        *_silent_platforms(at),
    ]
    return sorted(found, key=lambda each: each.since)


def _claims() -> Iterator[ToDo]:
    asked = (
        Claim.objects.filter(~Q(needs_person=""), status__in=OPEN, needs_person_since__isnull=False)
        .select_related("creditor")
        .defer("submission")
    )
    claims = list(asked.order_by("needs_person_since")[:_MOST])
    needs = needs_of(claims)
    for claim in claims:
        need, number = needs[claim.id], claim.number
        assert claim.needs_person_since is not None  # noqa: S101 - it was asked for
        yield ToDo(
            key=f"claim-{claim.id}",
            kind=Kind.LETTERS if claim.needs_person in _LETTER_CODES else Kind.CLAIMS,
            since=claim.needs_person_since,
            what=need.name,
            about=_("%(debtor)s. Ärende %(number)s.") % {"debtor": debtor_shown(claim), "number": number},
            happened=need.what,
            todo=need.todo,
            url=reverse("claim", kwargs={"tenant": claim.creditor_id, "claim": claim.id}),
            act=_("Öppna ärende %(number)s") % {"number": number},
            whose=claim.creditor.name,
            ore=claim.principal_ore,
            facts=(
                Fact(_("Kund"), (debtor_shown(claim),)),
                Fact(_("Borgenär"), (claim.creditor.name,)),
                Fact(_("Faktura"), (claim.invoice_number,)),
                Fact(_("Mottaget"), (writing.day(claim.received_day),)),
            ),
        )


def waiting_for_print() -> tuple[int, datetime | None]:
    """Return how many letters wait to be fetched for print at the desk, and since when."""
    found = Delivery.objects.filter(
        gateway="print", state=DeliveryState.QUEUED, batch_id__isnull=True, letter__claim__needs_person=""
    ).aggregate(count=Count("id"), since=Min("next_try_at"))
    return found["count"], found["since"]


def _waiting_for_print(at: datetime) -> Iterator[ToDo]:
    if settings.PRINT_FOLDER:
        return
    count, since = waiting_for_print()
    if not count or since is None:
        return
    yield ToDo(
        key="print",
        kind=Kind.LETTERS,
        since=min(since, at),
        what=_("Brev att trycka"),
        about=ngettext("%(count)d brev väntar.", "%(count)d brev väntar.", count) % {"count": count},
        happened=_("Brev väntar på att hämtas till tryckeriet. Det finns ingen mapp som tryckeriet hämtar ur själv."),
        todo=_("Hämta dem som en bunt och lämna den. Ett brev som väntar mer än två bankdagar görs om med nya dagar."),
        url=reverse("desk-letters"),
        act=_("Till breven"),
    )


def _batches() -> Iterator[ToDo]:
    for batch in PrintBatch.objects.filter(handed_over_at__isnull=True).exclude(fetched_by="").order_by("fetched_at"):
        yield ToDo(
            key=f"batch-{batch.id}",
            kind=Kind.LETTERS,
            since=batch.fetched_at or batch.created_at,
            what=_("Bunt hämtad men inte lämnad"),
            about=_("%(count)d brev, hämtade av %(by)s.") % {"count": batch.letter_count, "by": batch.fetched_by},
            happened=_("Bunten är hämtad, men ingen har sagt om tryckeriet tog emot den."),
            todo=_("Säg om bunten är lämnad till tryckeriet, eller om tryckeriet inte tog emot den."),
            url=reverse("desk-batch", kwargs={"batch": batch.id}),
            act=_("Öppna bunten"),
        )


def _unwritten_batches() -> Iterator[ToDo]:
    """Return the batches that the worker could not put into the printer's folder, as one thing to look at."""
    found = PrintBatch.objects.filter(handed_over_at__isnull=True, fetched_by="", attempts__gte=FAILED_TRIES).aggregate(
        count=Count("id"), since=Min("created_at")
    )
    if not found["count"]:
        return
    yield ToDo(
        key="print-folder",
        kind=Kind.LETTERS,
        since=found["since"],
        what=_("Tryckeriets mapp tar inte emot"),
        about=ngettext("%(count)d bunt väntar.", "%(count)d buntar väntar.", found["count"]) % found,
        happened=_("Bunten gick inte att lägga i mappen som tryckeriet hämtar ur. Vi försöker var tionde minut."),
        todo=_("Be den som sköter systemet se till att mappen går att skriva i. Inget brev går förlorat."),
        url=reverse("desk-letters"),
        act=_("Till breven"),
    )


def _emails() -> Iterator[ToDo]:
    """Return that letters do not get away by e-mail, as one thing to look at."""
    found = Delivery.objects.filter(
        gateway="email", state=DeliveryState.QUEUED, attempts__gte=FAILED_TRIES, letter__claim__needs_person=""
    ).aggregate(count=Count("id"), since=Min("letter__made_at"))
    if not found["count"]:
        return
    yield ToDo(
        key="email",
        kind=Kind.LETTERS,
        since=found["since"],
        what=_("E-post går inte fram"),
        about=ngettext("%(count)d brev väntar.", "%(count)d brev väntar.", found["count"]) % found,
        happened=_("Brev har inte kunnat lämnas till e-postservern. De försöks på nytt i ungefär ett dygn."),
        todo=_("Be den som sköter systemet se till e-postservern. Brev som inte kommer i väg går på papper i stället."),
        url=reverse("desk-letters"),
        act=_("Till breven"),
    )


def _refused_handovers(at: datetime) -> Iterator[ToDo]:
    """Return the refusals of each creditor whose invoice has not been sent again and accepted."""
    mended = Claim.objects.filter(creditor=OuterRef("creditor"), invoice_id=OuterRef("invoice_id"))
    refused = (
        RefusedHandover.objects.filter(~Exists(mended), refused_at__gt=at - REFUSALS_KEPT)
        .values("creditor", "code")
        .annotate(count=Count("id"), since=Min("refused_at"), name=F("creditor__name"))
    )
    for row in refused.order_by("since")[:_MOST]:
        refusal = explain_told(row["code"], {})
        reason = reason_words(row["code"]) or row["code"]
        words = {"count": row["count"], "creditor": row["name"], "reason": reason}
        yield ToDo(
            key=f"refused-{row['creditor']}-{row['code']}",
            kind=Kind.REFUSALS,
            since=row["since"],
            what=ngettext("Avvisad faktura", "Avvisade fakturor", row["count"]),
            about=ngettext(
                "%(count)d faktura från %(creditor)s: %(reason)s.",
                "%(count)d fakturor från %(creditor)s: %(reason)s.",
                row["count"],
            )
            % words,
            happened=refusal.what if refusal else _("Skälet: %(reason)s.") % words,
            todo=_("Borgenären ser skälet i sitt eget program. Hör av dig om ingen rättar och skickar på nytt."),
            url=f"{reverse('desk-refusals')}?creditor={row['creditor']}",
            act=_("Visa avvisade"),
            whose=row["name"],
        )


def _webhooks() -> Iterator[ToDo]:
    failing = (
        WebhookDelivery.objects.filter(delivered_at__isnull=True)
        .filter(Q(attempts__gte=FAILED_TRIES) | Q(next_try_at__isnull=True))
        .values("platform", name=F("platform__name"))
        .annotate(count=Count("id"), since=Min("created_at"), problem=Max("last_problem"))
    )
    for row in failing.order_by("since"):
        yield ToDo(
            key=f"webhooks-{row['platform']}",
            kind=Kind.PLATFORMS,
            since=row["since"],
            what=_("Webhooks tas inte emot"),
            about=_("%(name)s svarar inte som väntat.") % row,
            happened=_("%(count)d leveranser har misslyckats. Senast: %(problem)s")
            % {"count": row["count"], "problem": row["problem"] or "–"},
            todo=_("Ring den som sköter plattformen. Händelserna går inte förlorade: de kan listas genom API:et."),
            url=_platform_url(row["platform"]),
            act=_("Öppna plattformen"),
        )


def _silent_platforms(at: datetime) -> Iterator[ToDo]:
    limit = at - SILENT
    active = Platform.objects.filter(is_active=True, api_keys__revoked_at__isnull=True, api_keys__isnull=False)
    for platform in active.distinct():
        heard = FeedEntry.objects.filter(platform=platform).aggregate(last=Max("written_at"))["last"]
        activated = Creditor.objects.filter(platform=platform).aggregate(last=Max("activated_at"))["last"]
        last = max(filter(None, (heard, activated)), default=None)
        if (last or platform.created_at) > limit:
            continue
        yield ToDo(
            key=f"silent-{platform.id}",
            kind=Kind.PLATFORMS,
            since=last or platform.created_at,
            what=_("Tyst plattform"),
            about=_("Inget nytt från %(name)s.") % {"name": platform.name},
            happened=_("Inget ärende och ingen händelse på en vecka.")
            if last
            else _("Nyckeln är utlämnad, men ingen borgenär har anslutits."),
            todo=_("Fråga den som sköter plattformen om något har stannat. Är den ur bruk, spärra nyckeln."),
            url=_platform_url(platform.id),
            act=_("Öppna plattformen"),
        )


def _rates(at: datetime) -> Iterator[ToDo]:
    """Return that the next half-year's reference rate is needed or waits for its second person, or is told twice."""
    known, today = all_known_rates(), writing.local_day(at)
    expected = next_unknown(known)
    waiting = AddedRate.objects.filter(approved_at__isnull=True, withdrawn_at__isnull=True).select_related("entered_by")
    entered = next((rate for rate in waiting if rate.valid_from == expected), None)
    if entered is not None:
        yield ToDo(
            key=f"rate-{entered.id}",
            kind=Kind.RATES,
            since=entered.entered_at,
            what=_("Referensränta att godkänna"),
            about=_("%(percent)s för %(half_year)s, inlagd av %(by)s.")
            % {
                "percent": writing.percent(entered.percent),
                "half_year": half_year_words(expected),
                "by": entered.entered_by.name,
            },
            happened=_("Räntan är inlagd, men ingenting räknas med den förrän någon annan har godkänt den. %(waiting)s")
            % {"waiting": waiting_words(claims_that_wait())},
            todo=_("En annan administratör än den som lade in den läser källan och godkänner, eller tar tillbaka den."),
            url=reverse("desk-rate-approval", kwargs={"rate": entered.id}),
            act=_("Läs efter och godkänn"),
        )
    elif today >= asked_from(expected):
        is_time = today >= earliest_entry(expected)
        yield ToDo(
            key="rate-needed",
            kind=Kind.RATES,
            since=_morning(earliest_entry(expected) if is_time else asked_from(expected)),
            what=_("Nästa halvårs referensränta"),
            about=_("Räntan för %(half_year)s saknas.") % {"half_year": half_year_words(expected)},
            happened=_("De kända räntorna slutar %(day)s. Efter den dagen stannar saldon, och brev väntar. %(waiting)s")
            % {"day": writing.day(known.known_through), "waiting": waiting_words(claims_that_wait())},
            todo=_("Läs räntan hos Riksbanken när den är fastställd, och lägg in den med källan. En annan godkänner.")
            if is_time
            else _("Riksbanken fastställer den strax före halvårsskiftet. Den kan läggas in från %(day)s.")
            % {"day": writing.day(earliest_entry(expected))},
            url=reverse("desk-rate-new" if is_time else "desk-rates"),
            act=_("Lägg till räntan") if is_time else _("Till referensräntorna"),
        )
    for one in disagreeing_rates():
        yield ToDo(
            key=f"rate-differs-{one.valid_from}",
            kind=Kind.RATES,
            since=_morning(one.valid_from),
            what=_("Två räntor för samma halvår"),
            about=half_year_words(one.valid_from),
            happened=_("Här godkändes %(added)s, men programmet känner nu %(own)s, och den gäller.")
            % {"added": writing.percent(one.told), "own": writing.percent(one.known)},
            todo=_("Läs i källan vilken som är rätt. Jämför brev som redan har gått med dagens saldo."),
            url=reverse("desk-rates"),
            act=_("Till referensräntorna"),
        )


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), STOCKHOLM)


def _platform_url(platform: object) -> str:
    return reverse("desk-platform", kwargs={"platform": platform})


def invoice_of(refused: RefusedHandover) -> tuple[str, str, bool]:
    """Return the invoice number and the debtor's name of a refused handover, and whether the identity is protected.

    The bytes were refused by the rules and not as unreadable, so they are JSON of the contract.
    """
    told = json.loads(bytes(refused.submission))
    debtor = told.get("debtor", {})
    return (
        str(told.get("invoice", {}).get("number", "")),
        str(debtor.get("name", "")),
        bool(debtor.get("identity_is_protected", False)),
    )

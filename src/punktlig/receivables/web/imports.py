"""Reading invoice files in: the form, the progress, and the report of what became of each file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from punktlig import clock
from punktlig.core.money import Money, NotAnAmount
from punktlig.core.refusal import Refusal
from punktlig.formats.spreadsheet import harmless
from punktlig.receivables.actions.imports import MOST_BYTES, MOST_FILES, GivenFile, start_import
from punktlig.receivables.records.company import Role
from punktlig.receivables.records.imports import FileOutcome, ImportedFile, ImportRun
from punktlig.receivables.records.ledger_refusals import FilesTooLargeTogether
from punktlig.receivables.web.form_refusals import refuse_in
from punktlig.receivables.web.roles import refuse_unless_may_send
from punktlig.ui import writing
from punktlig.ui.forms import PageForm
from punktlig.ui.refusals import word

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import QuerySet

    from punktlig.tenancy.http import TenantRequest

_MEGABYTE = 1_000_000
_RUNS_SHOWN = 20
_FILES_SHOWN = 200


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once; the value is a list."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return every file that was chosen; an empty one is kept, to be refused by name in the report."""
        chosen = data if isinstance(data, (list, tuple)) else [data]
        return [super(_FilesField, self).clean(one, initial) for one in chosen] if chosen else super().clean(None)


class ImportForm(PageForm):
    """The files to read."""

    chosen = _FilesField(
        label=gettext_lazy("Fakturafiler"),
        allow_empty_file=True,
        max_length=300,
        help_text=gettext_lazy("XML-filer i Peppol (UBL) eller CII, eller ZIP-filer med sådana."),
        widget=_ManyFiles(attrs={"accept": ".xml,.zip,text/xml,application/xml,application/zip", "class": "input"}),
    )


@dataclass(frozen=True)
class Difference:
    """A fact that the ledger and the file tell differently."""

    name: str
    here: str
    in_file: str


@dataclass(frozen=True)
class FileRow:
    """A file as the report shows it."""

    file: ImportedFile
    outcome: str
    code: str
    what: str
    todo: str
    differences: tuple[Difference, ...]


@require_http_methods(["GET", "POST"])
def imports(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show the form and the latest runs, and begin a run."""
    form = ImportForm()
    if request.method == "POST":
        refuse_unless_may_send(request)
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                files = _read(form.cleaned_data["chosen"])
                run = start_import(tenant, files, user=request.user, at=clock.now())
            except Refusal as refusal:
                refuse_in(form, refusal, {type(refusal): "chosen"})
            else:
                return HttpResponseRedirect(reverse("import_run", args=[tenant, run.id]))
    runs = (
        ImportRun.objects.filter(company_id=tenant)
        .select_related("started_by")
        .order_by("-started_at")
        .annotate(
            taken=Count("files", filter=Q(files__outcome__in=[FileOutcome.CREATED, FileOutcome.CREDITED])),
            known=Count("files", filter=Q(files__outcome=FileOutcome.SAME)),
            untaken=Count("files", filter=Q(files__outcome__in=[FileOutcome.REFUSED, FileOutcome.CONFLICT])),
        )[:_RUNS_SHOWN]
    )
    context = {
        "form": form,
        "runs": runs,
        "may_send": Role(request.role).may_send,
        "most_files": MOST_FILES,
        "most_megabytes": MOST_BYTES // _MEGABYTE,
    }
    return render(request, "receivables/imports/list.html", context, status=422 if form.errors else 200)


@require_GET
def import_run(request: TenantRequest, tenant: UUID, run: UUID) -> HttpResponse:
    """Show how far the run has come, and what became of each file."""
    found = _run(tenant, run)
    files = _files(found)
    untaken = files.filter(outcome__in=[FileOutcome.REFUSED, FileOutcome.CONFLICT])
    taken = files.filter(outcome__in=[FileOutcome.CREATED, FileOutcome.CREDITED, FileOutcome.SAME])
    counts = _counts(found)
    untaken_count = counts[FileOutcome.REFUSED] + counts[FileOutcome.CONFLICT]
    context = {
        **_progress(found, counts),
        "counts": [(outcome.value, _OUTCOMES[outcome](), counts[outcome]) for outcome in _ORDER if counts[outcome]],
        "untaken": [_row(file) for file in untaken.order_by("position")[:_FILES_SHOWN]],
        "untaken_count": untaken_count,
        "is_cut": untaken_count > _FILES_SHOWN,
        "taken": [_row(file) for file in taken.order_by("position")[:_FILES_SHOWN]],
    }
    return render(request, "receivables/imports/run.html", context)


@require_GET
def import_progress(request: TenantRequest, tenant: UUID, run: UUID) -> HttpResponse:
    """Show how far the run has come; when it is done the whole page is asked for anew."""
    found = _run(tenant, run)
    response = render(request, "ui/parts/progress.html", _progress(found, _counts(found)))
    if found.finished_at is not None:
        response.headers["HX-Refresh"] = "true"
    return response


@require_GET
def import_files(request: TenantRequest, tenant: UUID, run: UUID) -> HttpResponse:  # noqa: ARG001
    """Return the report as a table for spreadsheets: semicolons and a byte order mark, as a Swedish Excel reads it."""
    found = _run(tenant, run)
    written = io.StringIO()
    table = csv.writer(written, delimiter=";")
    table.writerow([_("Fil"), _("Faktura"), _("Vad som hände"), _("Varför"), _("Vad du kan göra"), _("Skillnader")])
    for file in _files(found).order_by("position").iterator():
        row = _row(file)
        differences = ", ".join(f"{one.name}: {one.here} / {one.in_file}" for one in row.differences)
        cells = (file.name, file.invoice_number, row.outcome, row.what, row.todo, differences)
        table.writerow([harmless(cell) for cell in cells])
    response = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    day = writing.local_day(found.started_at).isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="import-{day}.csv"'
    return response


def _read(files: Iterable[UploadedFile[bytes]]) -> list[GivenFile]:
    chosen = list(files)
    size = sum(file.size or 0 for file in chosen)
    # Said before anything is read into memory.
    if size > MOST_BYTES:
        raise FilesTooLargeTogether(-(-size // _MEGABYTE), MOST_BYTES // _MEGABYTE)
    return [GivenFile(file.name or "", file.read()) for file in chosen]


def _run(tenant: UUID, run_id: UUID) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("started_by"), id=run_id, company_id=tenant)


def _files(run: ImportRun) -> QuerySet[ImportedFile, ImportedFile]:
    return ImportedFile.objects.filter(company_id=run.company_id, run=run).defer("content")


def _counts(run: ImportRun) -> dict[FileOutcome, int]:
    rows = _files(run).order_by().values_list("outcome").annotate(count=Count("id"))
    return dict.fromkeys(FileOutcome, 0) | {FileOutcome(outcome): count for outcome, count in rows}


def _progress(run: ImportRun, counts: dict[FileOutcome, int]) -> dict[str, object]:
    read = run.file_count - counts[FileOutcome.WAITING]
    words = {"read": read, "count": run.file_count}
    return {
        "run": run,
        "url": reverse("import_progress", args=[run.company_id, run.id]),
        "page_url": reverse("import_run", args=[run.company_id, run.id]),
        "title": _("Läser in") if run.finished_at is None else _("Inläst"),
        "text": _("%(read)d av %(count)d filer") % words,
        "value": read,
        "most": run.file_count,
        "done": run.finished_at is not None,
    }


_OUTCOMES = {
    FileOutcome.CREATED: lambda: _("Ny faktura"),
    FileOutcome.CREDITED: lambda: _("Kreditfaktura bokad"),
    FileOutcome.SAME: lambda: _("Fanns redan"),
    FileOutcome.CONFLICT: lambda: _("Samma nummer, andra uppgifter"),
    FileOutcome.REFUSED: lambda: _("Inte inläst"),
    FileOutcome.WAITING: lambda: _("Väntar"),
}
_ORDER = (
    FileOutcome.CREATED,
    FileOutcome.CREDITED,
    FileOutcome.SAME,
    FileOutcome.CONFLICT,
    FileOutcome.REFUSED,
    FileOutcome.WAITING,
)


def _row(file: ImportedFile) -> FileRow:
    language = writing.here().language
    text = file.facts.get(language, {})
    return FileRow(
        file=file,
        outcome=_OUTCOMES[FileOutcome(file.outcome)](),
        code=file.outcome,
        what=text.get("what", ""),
        todo=text.get("todo", ""),
        differences=tuple(
            Difference(word(name, language), _shown(name, here), _shown(name, in_file))
            for name, here, in_file in cast("list[list[str]]", file.facts.get("differences", []))
        ),
    )


def _shown(name: str, text: str) -> str:
    if not text:
        return "–"
    words, _space, last = text.rpartition(" ") if name == "lines" else ("", "", text)
    if name == "lines" or name.endswith("_ore"):
        try:
            return f"{words} {writing.amount(Money.parse(last))}".strip()
        except NotAnAmount:
            return text
    return text

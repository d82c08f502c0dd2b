"""The one door to the formats: which files are recognised, and that no bytes at all raise anything but a refusal."""

from __future__ import annotations

import copy
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from punktlig.core.invoice import Invoice
from punktlig.formats.reader import FileHasSeveralInvoices, SvefakturaIsNotRead, read_invoice
from punktlig.formats.safe_xml import NotAnInvoiceFile, UnreadableInvoice
from tests.formats.documents import cii_document, ubl_document
from tests.formats.samples import SAMPLE_FILES, sample

ENVELOPE = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
SVEFAKTURA = b'<Invoice xmlns="urn:sfti:documents:BasicInvoice:1:0"><ID>1</ID></Invoice>'
FILES = tuple(path.read_bytes() for path in SAMPLE_FILES)


def enveloped(*documents: bytes) -> bytes:
    header = b"<StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion></StandardBusinessDocumentHeader>"
    inside = header + b"".join(documents)
    return b'<StandardBusinessDocument xmlns="' + ENVELOPE.encode() + b'">' + inside + b"</StandardBusinessDocument>"


def test_both_formats_and_the_credit_note_are_recognised_by_their_root() -> None:
    for document, name in (
        (ubl_document(), "ubl"),
        (ubl_document(root="CreditNote", type=""), "ubl"),
        (cii_document(), "cii"),
    ):
        invoice = read_invoice(document)
        assert invoice.number == "F-1"
        assert invoice.source is not None
        assert invoice.source.format == name


def test_a_peppol_envelope_is_opened_and_its_own_bytes_are_the_evidence() -> None:
    content = enveloped(ubl_document())
    invoice = read_invoice(content)
    assert invoice.number == "F-1"
    assert invoice.source is not None
    assert invoice.source.content == content
    assert invoice.source.sha256 == hashlib.sha256(content).hexdigest()


def test_several_invoices_in_one_envelope_are_refused_with_their_count() -> None:
    with pytest.raises(FileHasSeveralInvoices, match="holds 3 invoices") as refused:
        read_invoice(enveloped(ubl_document(), cii_document(), ubl_document()))
    assert refused.value.count == 3


@pytest.mark.parametrize("content", [enveloped(), enveloped(b"<Order/>")])
def test_an_envelope_without_an_invoice_is_refused(content: bytes) -> None:
    with pytest.raises(NotAnInvoiceFile, match="StandardBusinessDocument"):
        read_invoice(content)


@pytest.mark.parametrize(
    "content",
    [
        SVEFAKTURA,
        enveloped(SVEFAKTURA),
        b'<ObjectEnvelope xmlns="urn:sfti:documents:StandardBusinessDocumentHeader">'
        + enveloped(SVEFAKTURA)
        + b"</ObjectEnvelope>",
    ],
    ids=["alone", "enveloped", "with attachments"],
)
def test_a_svefaktura_is_refused_by_name_wherever_it_stands(content: bytes) -> None:
    with pytest.raises(SvefakturaIsNotRead, match="Peppol BIS Billing 3"):
        read_invoice(content)


@pytest.mark.parametrize(
    "content",
    [
        b"<Invoice/>",
        b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-1"/>',
        b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>',
        b"<" + b"a" * 500 + b"/>",
    ],
)
def test_other_xml_is_refused_with_its_root_element(content: bytes) -> None:
    with pytest.raises(NotAnInvoiceFile, match="XML with the root element") as refused:
        read_invoice(content)
    assert len(refused.value.found) < 200


def read_or_refused(content: bytes) -> None:
    """Read the bytes; every exception but the refusal of a file fails the test."""
    refusal = None
    try:
        invoice = read_invoice(content)
    except UnreadableInvoice as problem:
        refusal = problem
    if refusal is not None:
        assert refusal.code != UnreadableInvoice.code, "a refusal has a name of its own"
        assert str(refusal)
        return
    assert isinstance(invoice, Invoice)
    assert invoice.source is not None
    assert invoice.source.content == content


@given(st.binary(max_size=400))
def test_any_bytes_are_an_invoice_or_refused_by_name(content: bytes) -> None:
    read_or_refused(content)


@given(st.sampled_from(FILES), st.data())
@settings(max_examples=300)
def test_a_sample_with_bytes_changed_is_an_invoice_or_refused_by_name(content: bytes, data: st.DataObject) -> None:
    changed = bytearray(content)
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), min_size=1, max_size=8)
    ):
        changed[place] = byte
    read_or_refused(bytes(changed))


@given(st.sampled_from(FILES), st.data())
@settings(max_examples=200)
def test_a_sample_with_a_piece_cut_out_or_doubled_is_an_invoice_or_refused_by_name(
    content: bytes, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 400)))
    times = data.draw(st.sampled_from([0, 2]))
    read_or_refused(content[:start] + content[start:end] * times + content[end:])


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&\ufffe\uffff"), max_size=30)


@given(st.sampled_from(sorted(path.name for path in SAMPLE_FILES)), st.data())
@settings(max_examples=300)
def test_a_sample_with_another_text_in_one_field_is_an_invoice_or_refused_by_name(
    name: str, data: st.DataObject
) -> None:
    pieces = sample(name).decode().split("</")
    place = data.draw(st.integers(0, len(pieces) - 2))
    opening = pieces[place].rfind(">") + 1
    pieces[place] = pieces[place][:opening] + data.draw(TEXTS).replace("]]>", "")
    read_or_refused("</".join(pieces).encode())


@given(st.sampled_from(FILES), st.data())
@settings(max_examples=300)
def test_a_sample_with_an_element_gone_doubled_or_astray_is_an_invoice_or_refused_by_name(
    content: bytes, data: st.DataObject
) -> None:
    root = etree.fromstring(content)
    for _ in range(data.draw(st.integers(1, 3))):
        elements = list(root.iterdescendants("*"))
        chosen = data.draw(st.sampled_from(elements))
        above = chosen.getparent()
        assert above is not None
        match data.draw(st.sampled_from(["gone", "doubled", "astray"])):
            case "gone":
                above.remove(chosen)
            case "doubled":
                above.append(copy.deepcopy(chosen))
            case _:
                data.draw(st.sampled_from(elements)).append(copy.deepcopy(chosen))
    read_or_refused(etree.tostring(root, encoding="utf-8"))

"""Which bytes are safe to read as XML. Every hostile or mistaken file is refused by name, and nothing is fetched."""

from __future__ import annotations

import io
import socket
import zipfile
from typing import TYPE_CHECKING

import pytest

from punktlig.formats.safe_xml import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    FileIsEmpty,
    FileIsPdf,
    FileIsTooLarge,
    NotAnInvoiceFile,
    XmlHasDoctype,
    XmlHasTooManyElements,
    XmlIsBroken,
    XmlIsTooDeep,
    parse_xml,
)

if TYPE_CHECKING:
    from pathlib import Path

BILLION_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY lol0 "lol">'
    + "".join(f'<!ENTITY lol{step + 1} "{f"&lol{step};" * 10}">' for step in range(9))
    + "]><lolz>&lol9;</lolz>"
).encode()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("faktura.xml", "<a/>")
    return buffer.getvalue()


@pytest.mark.parametrize("content", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_a_file_without_content_is_refused_as_empty(content: bytes) -> None:
    with pytest.raises(FileIsEmpty, match="the file is empty"):
        parse_xml(content)


def test_a_file_of_50_megabytes_is_not_looked_into() -> None:
    with pytest.raises(FileIsTooLarge, match="has 50000000 bytes; an invoice may have at most 10000000") as refused:
        parse_xml(b"<" * 50_000_000)
    assert (refused.value.size, refused.value.limit) == (50_000_000, MAX_BYTES)


def test_a_file_of_the_largest_size_is_read() -> None:
    frame = len(b"<a></a>")
    assert len(parse_xml(b"<a>" + b"x" * (MAX_BYTES - frame) + b"</a>").text or "") == MAX_BYTES - frame
    with pytest.raises(FileIsTooLarge):
        parse_xml(b"<a>" + b"x" * (MAX_BYTES - frame + 1) + b"</a>")


@pytest.mark.parametrize(
    "content",
    [
        BILLION_LAUGHS,
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>',
        b'<?xml version="1.0"?><!DOCTYPE a PUBLIC "-//X//Y" "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p;]><a/>',
        BILLION_LAUGHS.decode().encode("utf-16"),
    ],
    ids=["bomb", "empty", "external", "public", "file", "parameter", "bomb-utf-16"],
)
def test_a_doctype_of_any_kind_is_refused_before_its_declarations_are_read(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    with pytest.raises(XmlHasDoctype, match="which no invoice needs") as refused:
        parse_xml(content)
    assert refused.value.name in {"a", "lolz"}


def test_an_included_file_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hemligt")
    root = parse_xml(
        f'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{secret}" parse="text"/></a>'.encode()
    )
    assert "hemligt" not in "".join(str(text) for text in root.itertext())


def test_elements_inside_each_other_are_counted() -> None:
    assert parse_xml(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH).tag == "a"
    with pytest.raises(XmlIsTooDeep, match="more than 60 elements inside each other") as refused:
        parse_xml(b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1))
    assert refused.value.limit == MAX_DEPTH
    with pytest.raises(XmlIsTooDeep):
        parse_xml(b"<a>" * 1_000_000)


def test_elements_are_counted() -> None:
    assert len(parse_xml(b"<a>" + b"<b/>" * (MAX_ELEMENTS - 1) + b"</a>")) == MAX_ELEMENTS - 1
    with pytest.raises(XmlHasTooManyElements, match="one file per invoice") as refused:
        parse_xml(b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>")
    assert refused.value.limit == MAX_ELEMENTS


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"<a>\n<b></a>", 2),
        (b"<a>\n\n<b>", 3),
        (b"<a>&unknown;</a>", 1),
        (b"<a/><b/>", 1),
        (b'<?xml version="1.0" encoding="UTF-8"?><a>\n\xe5\xe4\xf6</a>', 2),
        (b'<?xml version="1.0" encoding="KLINGON-8"?><a/>', 1),
        (b"<a>\x01</a>", 1),
        (b"<", 1),
    ],
)
def test_broken_xml_is_refused_with_the_place(content: bytes, line: int) -> None:
    with pytest.raises(XmlIsBroken) as refused:
        parse_xml(content)
    assert refused.value.line == line
    assert refused.value.column > 0
    assert refused.value.reason
    # The place is told once, and libxml2's name for our bytes not at all.
    assert "column" not in refused.value.reason
    assert "<string>" not in refused.value.reason


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "windows-1252"]
)
def test_the_declared_character_set_is_read(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(encoding, encoding)
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    text = f'{mark}<?xml version="1.0" encoding="{declared}"?><a>Åsa Öberg, Ängsgränd</a>'
    assert parse_xml(text.encode(encoding)).text == "Åsa Öberg, Ängsgränd"


def test_blank_lines_before_the_first_element_do_no_harm() -> None:
    assert parse_xml(b"\n" * 5_000 + b"<a/>").tag == "a"


def test_a_comment_inside_a_number_does_not_cut_it_in_two() -> None:
    assert parse_xml(b"<a>12<!-- x -->34<?pi x?>56</a>").text == "123456"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"<!DOCTYPE html><html></html>", "a web page (HTML)"),
        (b"<HTML><body>Logga in</body></HTML>", "a web page (HTML)"),
        (b'{"invoice": 1}', "a JSON file"),
        (b"\xef\xbb\xbf [1]", "a JSON file"),
        (zipped(), "a ZIP archive or an Excel or Word document"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"Fakturanr;Belopp\n1;2\n", "not XML"),
        (b"\0" * 3_000, "not text"),
    ],
)
def test_another_kind_of_file_is_called_what_it_is(content: bytes, found: str) -> None:
    with pytest.raises(NotAnInvoiceFile) as refused:
        parse_xml(content)
    assert refused.value.found == found
    assert found in str(refused.value)


def test_a_pdf_is_refused_with_what_to_do_instead() -> None:
    with pytest.raises(FileIsPdf, match=r"factur-x\.xml"):
        parse_xml(b"%PDF-1.7\n...")

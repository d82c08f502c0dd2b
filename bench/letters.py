"""Letters, one tagged PDF each: from the facts of a reminder to the bytes to print, beside a floor of typst alone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, cast

import typst
from pikepdf import Pdf

from bench import letter_cases
from bench.machine import usable_cores
from bench.results import Bound, Figure, Goal, Result
from bench.workers import Chunk, MemoryWatch, Workers
from punktlig.core.letter.compose import compose
from punktlig.core.reminder import remind
from punktlig.formats.ocr import ocr_reference
from punktlig.letters.renderer import Renderer

if TYPE_CHECKING:
    from punktlig.core.facts import ReminderFacts
    from punktlig.core.formatting import Language
    from punktlig.core.letter.content import LetterContent

name = "letters"

_ONE_CORE = "from facts to PDF, one process on one core"
_PEAK = "peak memory of a process"
_GROWTH = "growth of its memory in the second half"
goal = (
    Goal(figure=_ONE_CORE, bound=Bound.AT_LEAST, limit=100),
    Goal(figure=_ONE_CORE, bound=Bound.AT_LEAST, limit=0.2, of_floor=True),
    Goal(figure=_PEAK, bound=Bound.AT_MOST, limit=300),
    Goal(figure=_GROWTH, bound=Bound.AT_MOST, limit=10),
)

_HELLO_WORLD = Path(__file__).with_name("hello_world.typ")
_UNIT = "letters/s"
_CHUNK = 100
# Small enough that at the end no process waits long for another.
_SMALL_CHUNK = 25
_ALL_CORES_ROUNDS = 4
_LOOKED_AT = 40
_MEGABYTE = 1_000_000
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
_LETTERS = (
    "Every letter differs: invented names, addresses, amounts and dates; a third have part payments; three of four "
    "fell due 15 to 184 days before, the others up to five years; one of forty is in English. *From facts to PDF* "
    "decides the reminder, writes its content and makes the PDF/A-2a and PDF/UA-1 file; *the PDF alone* begins with "
    "the content."
)
_FLOOR = (
    "The floor is one line of text with a number in it, compiled by a long-lived typst compiler to the same two "
    "standards in a process of its own, a chunk of it after each chunk of letters. The number is handed over in "
    "`sys.inputs`, which makes typst set everything anew; that is the floor the goal is judged by. *The floor that "
    "remembers* is handed its number in the source, as the letters are, so that typst may use again what it set before."
)
_CORES = (
    "A single process is held to one core, as its floors are, since typst would use more; many processes run as they "
    "would in production. *For each second of processor time* leaves out what other programs took of that core. The "
    "first letter of a process makes the compiler and reads the fonts; starting Python and importing are not in it."
)
_MEMORY = (
    "Memory is resident memory, looked at ten times a second, children included; pages shared between processes are "
    "counted in each. It goes up and down by some MB from chunk to chunk, also for the floor; growth is the most held "
    "after any chunk of the second half of the run less the most held after any of the first. MB are 10⁶ bytes."
)


class NotTagged(AssertionError):
    """A letter does not say of itself that it meets the standards, so the speed would be that of something else."""


class FromFacts:
    """The whole way of a letter: decide, write, set."""

    def __init__(self) -> None:
        self._renderer = Renderer()

    def prepare(self, number: int) -> tuple[int, ReminderFacts]:
        """Return the number and the facts of a reminder."""
        return number, letter_cases.reminder_facts(number)

    def do(self, item: tuple[int, ReminderFacts]) -> int:
        """Make the letter."""
        return len(self.make(item))

    def make(self, item: tuple[int, ReminderFacts]) -> bytes:
        """Return the letter's PDF."""
        return self._renderer.pdf(content_of(*item))


class FromContent:
    """The setting alone, of a letter whose content is written."""

    def __init__(self) -> None:
        self._renderer = Renderer()

    def prepare(self, number: int) -> LetterContent:
        """Return the content of a letter."""
        return content_of(number, letter_cases.reminder_facts(number))

    def do(self, item: LetterContent) -> int:
        """Make the PDF."""
        return len(self._renderer.pdf(item))


class HelloWorld:
    """The floor: the least that typst can set as a tagged PDF, another text each time so that nothing is remembered."""

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False)
        self._compiler = typst.Compiler(_HELLO_WORLD, root=_HELLO_WORLD.parent, font_paths=fonts)

    def prepare(self, number: int) -> dict[str, str]:
        """Return what the text is given."""
        return {"number": str(number)}

    def do(self, item: dict[str, str]) -> int:
        """Make the PDF."""
        made = self._compiler.compile(format="pdf", sys_inputs=item, pdf_standards=_STANDARDS)
        return len(cast("bytes", made))


class HelloWorldInSource:
    """The same text handed over as letters are, in the source itself: then typst remembers what it set before."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))
        self._source = _HELLO_WORLD.read_text(encoding="utf-8")

    def prepare(self, number: int) -> bytes:
        """Return the document."""
        return self._source.replace("#sys.inputs.number", str(number)).encode()

    def do(self, item: bytes) -> int:
        """Make the PDF."""
        return len(cast("bytes", self._compiler.compile(item, format="pdf", pdf_standards=_STANDARDS)))


def content_of(number: int, facts: ReminderFacts) -> LetterContent:
    """Return the content of the letter with this number."""
    case = letter_cases.case_number(number)
    language: Language = "en" if facts.debtor.is_abroad else "sv"
    return compose(
        remind(facts),
        letter_cases.AGENCY,
        case_number=case,
        payment_reference=ocr_reference(case),
        language=language,
    )


def run(*, quick: bool) -> Result:
    """Measure letters in one process on one core, then in as many processes as there are cores."""
    rounds = 3 if quick else 12
    some = f"Of the first {_LOOKED_AT}, {_count_longer(_LOOKED_AT)} take more than one page."
    many = f"{rounds * _CHUNK:,} letters in one process, and about as many for each core."
    return Result(
        title="Letters",
        figures=(*_on_one_core(rounds), *_on_all_cores(rounds)),
        notes=(
            f"{many} {_LETTERS} {some}",
            _FLOOR,
            _CORES,
            _MEMORY,
        ),
    )


def _count_longer(count: int) -> int:
    """Return how many of the first letters take more than one page; refuse to measure letters that are not tagged."""
    work, longer = FromFacts(), 0
    for number in range(count):
        with Pdf.open(BytesIO(work.make(work.prepare(number)))) as letter:
            says = letter.open_metadata()
            standards = (f"{says.get('pdfaid:part')}{says.get('pdfaid:conformance')}", says.get("pdfuaid:part"))
            if standards != ("2A", "1") or "/StructTreeRoot" not in letter.Root:
                raise NotTagged(f"letter {number} is {standards}")
            longer += len(letter.pages) > 1
    return longer


def _on_one_core(rounds: int) -> tuple[Figure, ...]:
    with (
        Workers(FromFacts, pinned=True) as letters,
        Workers(FromContent, pinned=True) as contents,
        Workers(HelloWorld, pinned=True) as hello,
        Workers(HelloWorldInSource, pinned=True) as remembering,
        MemoryWatch(letters.pids) as memory,
        MemoryWatch(hello.pids) as floor_memory,
    ):
        # In turn, so that whatever disturbs the machine disturbs all of them.
        turns = [
            tuple(workers.chunk(1 + turn * _CHUNK, _CHUNK) for workers in (letters, contents, hello, remembering))
            for turn in range(rounds)
        ]
    whole, alone, floor, low_floor = zip(*turns, strict=True)
    return (
        _speed(_ONE_CORE, whole, floor),
        Figure(
            name="from facts to PDF, for each second of processor time",
            unit=_UNIT,
            values=_processor_speeds(whole),
            floor_values=_processor_speeds(floor),
        ),
        _speed("the PDF alone, one process on one core", alone, floor),
        _speed("from facts to PDF, beside the floor that remembers", whole, low_floor),
        Figure(
            name="first letter of a new process",
            unit="ms",
            values=(letters.seconds_to_first[0] * 1000,),
            floor_values=(hello.seconds_to_first[0] * 1000,),
        ),
        _megabytes(_PEAK, memory.peak_bytes, floor_memory.peak_bytes),
        _megabytes(f"its memory after letter {_CHUNK}", whole[0].resident_bytes, floor[0].resident_bytes),
        _megabytes(f"its memory after letter {rounds * _CHUNK:,}", whole[-1].resident_bytes, floor[-1].resident_bytes),
        _megabytes(_GROWTH, growth_bytes(whole)),
        Figure(
            name="size of a letter",
            unit="kB",
            values=(_mean_bytes(whole) / 1000,),
            floor_values=(_mean_bytes(floor) / 1000,),
        ),
    )


def growth_bytes(chunks: tuple[Chunk, ...]) -> int:
    """Return how much more memory a process held at most in the second half of its chunks than in the first."""
    held = [chunk.resident_bytes for chunk in chunks]
    half = len(held) // 2
    return max(held[half:]) - max(held[:half])


def _on_all_cores(rounds: int) -> tuple[Figure, ...]:
    cores = usable_cores()
    size = cores * _CHUNK * max(rounds // _ALL_CORES_ROUNDS, 1)
    with (
        Workers(FromFacts, processes=cores) as letters,
        Workers(HelloWorld, processes=cores) as hello,
        MemoryWatch(letters.pids) as memory,
        MemoryWatch(hello.pids) as floor_memory,
    ):
        turns = [
            (_all_at_once(letters, turn * size, size), _all_at_once(hello, turn * size, size))
            for turn in range(_ALL_CORES_ROUNDS)
        ]
    speeds, floor_speeds = zip(*turns, strict=True)
    together = f"peak memory of {cores} processes together"
    return (
        Figure(name=f"from facts to PDF, {cores} processes", unit=_UNIT, values=speeds, floor_values=floor_speeds),
        _megabytes(together, memory.peak_together, floor_memory.peak_together),
    )


def _all_at_once[Item](workers: Workers[Item], start: int, size: int) -> float:
    """Return how many a second all processes made together, with what it takes to hand them the work."""
    started = perf_counter()
    workers.chunks(range(start, start + size, _SMALL_CHUNK), _SMALL_CHUNK)
    return size / (perf_counter() - started)


def _speed(figure: str, chunks: tuple[Chunk, ...], floor: tuple[Chunk, ...]) -> Figure:
    return Figure(name=figure, unit=_UNIT, values=_speeds(chunks), floor_values=_speeds(floor))


def _speeds(chunks: tuple[Chunk, ...]) -> tuple[float, ...]:
    return tuple(chunk.size / chunk.seconds for chunk in chunks)


def _processor_speeds(chunks: tuple[Chunk, ...]) -> tuple[float, ...]:
    return tuple(chunk.size / chunk.processor_seconds for chunk in chunks)


def _megabytes(figure: str, size: int, floor: int | None = None) -> Figure:
    floor_values = () if floor is None else (floor / _MEGABYTE,)
    return Figure(name=figure, unit="MB", values=(size / _MEGABYTE,), floor_values=floor_values)


def _mean_bytes(chunks: tuple[Chunk, ...]) -> float:
    return sum(chunk.bytes_made for chunk in chunks) / sum(chunk.size for chunk in chunks)

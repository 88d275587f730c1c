"""A text of many parts, drawn a line at a time: nothing is laid out that nobody looks at.

A `Document` is a list of blocks. Each block knows how many lines it shows, draws any one of them,
and searches all it holds, shown or not; a hit inside something folded can be brought to light.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Literal, Protocol

from rich.text import Text

#: How bodies are shown: as it suits, laid out whatever their size, as sent, as bytes.
Form = Literal["auto", "formatted", "raw", "hex"]
#: As many hits as are counted and walked through; a search stops there.
MAX_HITS = 10_000


@dataclass(frozen=True, slots=True)
class Needle:
    """What is searched: case matters only where the needle has a capital."""

    text: str

    @property
    def exact(self) -> bool:
        return self.text != self.text.lower()

    def fold(self, line: str) -> str:
        """`line` as it is compared. Keeps the length, so that places stay places."""
        if self.exact:
            return line
        lowered = line.lower()
        if len(lowered) == len(line):
            return lowered
        return "".join(low if len(low := char.lower()) == 1 else char for char in line)

    def places(self, line: str) -> Iterator[int]:
        """Where the needle begins in `line`, without overlaps."""
        if not self.text:
            return
        wanted, line = self.fold(self.text), self.fold(line)
        at = line.find(wanted)
        while at >= 0:
            yield at
            at = line.find(wanted, at + len(wanted))


class Block(Protocol):
    """A part of a document. `unit` numbers what it holds, `line` what it shows at the moment."""

    def __len__(self) -> int: ...

    def line(self, index: int) -> Text: ...

    def find(self, needle: Needle) -> Iterator[int]:
        """The units that hold `needle`, in order, one for each hit."""
        ...

    def reveal(self, unit: int) -> int:
        """The line of a unit, after opening whatever hides it."""
        ...

    def unit(self, index: int) -> int:
        """The unit on a line."""
        ...

    def toggle(self, index: int) -> bool:
        """Fold or unfold at a line; False where there is nothing to fold."""
        ...

    def fold_all(self, *, folded: bool) -> None: ...

    def source(self, index: int) -> bytes | None:
        """The bytes of the value on a line, for copying; None where the line is no value."""
        ...


class Unfolded:
    """A part of a block: every unit is a line, and nothing can be folded."""

    def reveal(self, unit: int) -> int:
        return unit

    def unit(self, index: int) -> int:
        return index

    def toggle(self, index: int) -> bool:
        return False

    def fold_all(self, *, folded: bool) -> None:
        """There is nothing to fold."""


class Lines(Unfolded):
    """A block of a few lines made beforehand."""

    def __init__(self, lines: Sequence[Text], sources: dict[int, bytes] | None = None) -> None:
        self.lines = list(lines)
        self.sources = sources or {}

    def __len__(self) -> int:
        return len(self.lines)

    def line(self, index: int) -> Text:
        return self.lines[index]

    def find(self, needle: Needle) -> Iterator[int]:
        for index, line in enumerate(self.lines):
            for _ in needle.places(line.plain):
                yield index

    def source(self, index: int) -> bytes | None:
        return self.sources.get(index)


@dataclass(frozen=True, slots=True)
class Hit:
    """A place found: a unit of a block."""

    block: int
    unit: int


class Document:
    """Blocks one below the other. Lines count from 0."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = [block for block in blocks if len(block)]
        self._measure()

    def _measure(self) -> None:
        self._starts = [0, *accumulate(len(block) for block in self.blocks)]

    def __len__(self) -> int:
        return self._starts[-1]

    def _at(self, line: int) -> tuple[Block, int]:
        number = bisect_right(self._starts, line) - 1
        return self.blocks[number], line - self._starts[number]

    def line(self, index: int) -> Text:
        """Line `index`, drawn."""
        block, inner = self._at(index)
        return block.line(inner)

    def in_words(self, index: int) -> bool:
        """Whether a line is in our words, not a piece of a body."""
        return isinstance(self._at(index)[0], Lines)

    def toggle(self, index: int) -> bool:
        """Fold or unfold at a line; False where there is nothing to fold."""
        if not 0 <= index < len(self):
            return False
        block, inner = self._at(index)
        done = block.toggle(inner)
        self._measure()
        return done

    def fold_all(self, *, folded: bool) -> None:
        """Fold everything that folds, or open it."""
        for block in self.blocks:
            block.fold_all(folded=folded)
        self._measure()

    def source(self, index: int) -> bytes | None:
        """The bytes of the value on a line, for copying."""
        if not 0 <= index < len(self):
            return None
        block, inner = self._at(index)
        return block.source(inner)

    def find(self, needle: Needle) -> list[Hit]:
        """Every hit in order, at most `MAX_HITS`."""
        if not needle.text:
            return []
        found = (
            Hit(number, unit)
            for number, block in enumerate(self.blocks)
            for unit in block.find(needle)
        )
        return list(islice(found, MAX_HITS))

    def reveal(self, hit: Hit) -> int:
        """The line of a hit, opening what hides it."""
        inner = self.blocks[hit.block].reveal(hit.unit)
        self._measure()
        return self._starts[hit.block] + inner

    def place_of_line(self, index: int) -> tuple[int, int]:
        """The block and unit on a line, to compare with a `Hit`."""
        if not len(self):
            return 0, 0
        number = bisect_right(self._starts, index) - 1
        return number, self.blocks[number].unit(index - self._starts[number])

    def text(self, first: int, last: int) -> str:
        """The plain text of lines `first` to `last`, both included."""
        return "\n".join(self.line(index).plain for index in range(first, min(last + 1, len(self))))

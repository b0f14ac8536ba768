"""What must come out of a damaged container: the records that a decoder still gets, and whether it notices.

A record is owed when its line lies wholly in what can be decoded: in segments that stand in the damaged file as they
were and can be found there, and in the part of a damaged one that its decoder gives before it stops.
"""

from dataclasses import dataclass

from containers import Container, Segment
from decoders import Bzip2, Tar, Verdict


@dataclass(frozen=True)
class Expectation:
    """What a reader owes of one damaged container."""

    # Lines of the text, by number, that must come out.
    owed: frozenset[int]
    verdict: Verdict
    # What an independent decoder reads, altered lines included.
    decoded: frozenset[bytes]


@dataclass(frozen=True)
class _Piece:
    """A stretch of the text that was found, and where it stands in the damaged file (in bytes, or in bits)."""

    begin: int
    # None where it breaks off.
    end: int | None
    start: int
    stop: int


def expect(container: Container, data: bytes) -> Expectation:
    content, verdict = data, Verdict.SOUND
    if container.outer:
        content, verdict = container.outer.walk(data)
    texts, inner = container.decoder.decode(content)
    verdict = verdict.and_(inner)
    if not data:
        # Some decoders take no bytes at all for no members. But whatever writes such a file writes at least a head.
        verdict = Verdict.DAMAGED
    decoded = frozenset(line for text in texts for line in text.split(b"\n"))
    owed = set()
    if verdict is not Verdict.DAMAGED:
        owed |= _known(container, decoded)
    if verdict is not Verdict.SOUND:
        if container.outer:
            # What is altered behind the damage is another's to judge.
            content = content[: _common(content, container.inner_data)]
        owed |= _lines(container, content)
        owed |= _known(container, [line for text in container.decoder.salvage(content) for line in text.split(b"\n")])
    return Expectation(frozenset(owed), verdict, decoded)


def _known(container: Container, lines) -> set[int]:
    numbers = container.text.number
    return {numbers[line] for line in lines if line in numbers}


def _common(one: bytes, other: bytes) -> int:
    """How many bytes two strings begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _lines(container: Container, data: bytes) -> set[int]:
    if isinstance(container.decoder, Bzip2):
        pieces = _bzip2_pieces(container, data)
    else:
        pieces = _pieces(container, data)
    owed: set[int] = set()
    joined: _Piece | None = None
    for piece in sorted(pieces, key=lambda piece: (piece.begin, piece.end is None)):
        if joined and joined.end == piece.begin and joined.stop == piece.start:
            joined = _Piece(joined.begin, piece.end, joined.start, piece.stop)
        else:
            if joined:
                owed |= container.text.within(joined.start, joined.stop)
            joined = piece
    if joined:
        owed |= container.text.within(joined.start, joined.stop)
    return owed


def _pieces(container: Container, data: bytes) -> list[_Piece]:
    """Segments that stand where they can be found, and what the damaged ones give before they stop."""
    found = []
    ends = {0: 0}
    offset = 0
    places = container.cuts if not container.outer else _cuts(container.segments)
    offsets = []
    for index, segment in enumerate(container.segments):
        offsets.append(offset)
        for place in _occurrences(container, places, index, segment, data, ends):
            found.append(_Piece(place, place + len(segment.data), offset, offset + len(segment.text)))
            ends[place + len(segment.data)] = index + 1
        offset += len(segment.text)
    begins = {piece.begin for piece in found}
    for end, index in ends.items():
        if end not in begins and index < len(container.segments) and end < len(data):
            found.append(_broken(container, offsets, index, data, end))
    return found


def _cuts(segments: tuple[Segment, ...]) -> list[int]:
    places = [0]
    for segment in segments:
        places.append(places[-1] + len(segment.data))
    return places


def _occurrences(container, places, index, segment, data, ends) -> list[int]:
    if not segment.is_readable:
        return []
    if not segment.text:
        # Without a text of its own it only joins those around it.
        return [end for end, following in ends.items() if following == index and data.startswith(segment.data, end)]
    if not segment.stands_alone:
        def intact(number: int) -> bool:
            return data.startswith(container.segments[number].data, places[number])

        return [places[index]] if intact(index) and all(map(intact, segment.needs)) else []
    # Readers of tar look for the next header in records of 512 bytes.
    step = 512 if isinstance(container.decoder, Tar) else 1
    found, place = [], data.find(segment.data)
    while place >= 0:
        if place % step == 0:
            found.append(place)
        place = data.find(segment.data, place + len(segment.data))
    return found


def _broken(container: Container, offsets: list[int], index: int, data: bytes, begin: int) -> _Piece:
    """What a damaged segment gives from its beginning on; that of segments without text is their successor's."""
    content, _ = container.decoder.walk(data, begin)
    following = container.text.data[offsets[index] :]
    if not hasattr(container.decoder, "member"):
        while not container.segments[index].text and index + 1 < len(container.segments):
            index += 1
        following = container.segments[index].text
    count = _common(content, following)
    return _Piece(begin, None, offsets[index], offsets[index] + count)


def _bzip2_pieces(container: Container, data: bytes) -> list[_Piece]:
    # Between the blocks of two streams stand an end, its checksum, up to seven bits and a head.
    between = 48 + 32 + 7 + 32
    found: list[_Piece] = []
    for begin, end, content in container.decoder.blocks(data):
        start = container.text.data.find(content)
        if start < 0:
            continue
        last = found[-1].end if found else None
        if last is not None and last < begin <= last + between:
            begin = last
        found.append(_Piece(begin, end, start, start + len(content)))
    return found

"""What is done to a container: one case after the other, each a pure function of the container and its label."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from containers import Container


@dataclass(frozen=True)
class Case:
    """One way to damage a container."""

    label: str
    apply: Callable[[Container], bytes]
    # Whether another log's lines may come out as well.
    adds_foreign: bool = False


def _at(data: bytes, place: int, change: Callable[[bytes, int], bytes]) -> bytes:
    # Those of one kind are not all of one length.
    return change(data, min(place, len(data) - 1))


def _bit(number: int) -> Case:
    def flip(data: bytes, place: int) -> bytes:
        return data[:place] + bytes([data[place] ^ (1 << number % 8)]) + data[place + 1 :]

    return Case(f"bit {number % 8} of byte {number // 8}", lambda box: _at(box.data, number // 8, flip))


def _byte(place: int, value: int) -> Case:
    def change(data: bytes, place: int) -> bytes:
        # The same value would be no damage.
        byte = value if data[place] != value else value ^ 0x55
        return data[:place] + bytes([byte]) + data[place + 1 :]

    return Case(f"byte {place} is {value:02x}", lambda box: _at(box.data, place, change))


def _sizes(container: Container) -> Iterator[Case]:
    length = len(container.data)
    for place in range(length):
        yield Case(f"cut at {place}", lambda box, place=place: box.data[: min(place, len(box.data) - 1)])
        yield Case(f"begins at {place + 1}", lambda box, place=place: box.data[min(place + 1, len(box.data)) :])
        yield Case(f"byte {place} missing", lambda box, place=place: _at(
            box.data, place, lambda data, place: data[:place] + data[place + 1 :]))
        yield Case(f"byte put in at {place}", lambda box, place=place: _at(
            box.data, place, lambda data, place: data[:place] + b"\x5a" + data[place:]))
    for place in range(0, length, 16):
        yield Case(f"64 bytes of zeros at {place}", lambda box, place=place: _at(
            box.data, place, lambda data, place: data[:place] + bytes(min(64, len(data) - place)) + data[place + 64 :]))


def _garbage(container: Container) -> dict[str, bytes]:
    source = random.Random(12)
    return {
        **{f"{size} random bytes": source.randbytes(size) for size in (1, 3, 4, 7, 16, 511, 512, 513, 5000)},
        **{f"{size} zeros": bytes(size) for size in (1, 4, 512, 10240)},
        "a line of text": b"Connection to collector lost.\n",
        "half a record": b'{"ts":"2025-10-20T06:47:00Z","act',
        "its own first 6 bytes": container.data[:6],
    }


def _pieces(container: Container) -> Iterator[Case]:
    """Cases at the borders of segments."""
    count = len(container.cuts) - 1
    for name, garbage in _garbage(container).items():
        for border in range(count + 1):
            where = "ahead" if border == 0 else "behind" if border == count else f"at border {border}"

            def put(box: Container, border=border, garbage=garbage) -> bytes:
                place = box.cuts[min(border, len(box.cuts) - 1)]
                return box.data[:place] + garbage + box.data[place:]

            yield Case(f"{name} {where}", put)

    def split(box: Container) -> list[bytes]:
        return [box.data[start:end] for start, end in zip(box.cuts, box.cuts[1:])]

    for number in range(count if count > 1 else 0):
        yield Case(f"segment {number} missing", lambda box, number=number: b"".join(
            part for index, part in enumerate(split(box)) if index != number))
        yield Case(f"segment {number} twice", lambda box, number=number: b"".join(
            part * (2 if index == number else 1) for index, part in enumerate(split(box))))
        yield Case(f"segment {number} cut short", lambda box, number=number: b"".join(
            part[: len(part) // 2] if index == number else part for index, part in enumerate(split(box))))
        for other in range(number + 1, count):

            def swap(box: Container, number=number, other=other) -> bytes:
                parts = split(box)
                parts[number], parts[other] = parts[other], parts[number]
                return b"".join(parts)

            yield Case(f"segments {number} and {other} swapped", swap)


def unchanged() -> Case:
    return Case("as it is", lambda box: box.data)


def foreign(name: str, data: bytes) -> Iterator[Case]:
    """Another kind of container, ahead of this one and behind it."""
    yield Case(f"behind {name}", lambda box: data + box.data, adds_foreign=True)
    yield Case(f"ahead of {name}", lambda box: box.data + data, adds_foreign=True)


def small_cases(container: Container) -> list[Case]:
    """Each bit, each byte and each length in turn."""
    length = len(container.data)
    cases = [unchanged()]
    cases += [_bit(number) for number in range(8 * length)]
    cases += [_byte(place, value) for place in range(length) for value in (0x00, 0xFF, 0x5A)]
    return cases + list(_sizes(container)) + list(_pieces(container))


def drawn_cases(container: Container, count: int, source: random.Random) -> list[Case]:
    """Of a large container: all that is done at borders, and a number of other cases."""
    length = len(container.data)
    cases = [unchanged(), *_pieces(container)]
    for _ in range(count // 2):
        cases.append(_bit(source.randrange(8 * length)))
    for _ in range(count // 8):
        cases.append(_byte(source.randrange(length), source.randrange(256)))
    sizes = list(_sizes(container))
    return cases + source.sample(sizes, min(len(sizes), count - count // 2 - count // 8))

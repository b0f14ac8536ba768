"""The containers that are tortured: each is built from a text, in pieces whose bytes and content are known."""

import bz2
import functools
import gzip
import io
import lzma
import os
import struct
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from corpus import Text
from decoders import Archive, Bzip2, Gzip, LZ4, Stream, Tar, Xz, Zip, Zstd


@dataclass(frozen=True)
class Segment:
    """A piece that decodes by itself: a frame, a member, a block; or bytes between them, which hold no text."""

    data: bytes
    text: bytes = b""
    # Whether a reader can find it wherever it stands. If not, it is found through the bytes of the segments in `needs`,
    # at their own places.
    stands_alone: bool = True
    needs: tuple[int, ...] = ()
    # Whether a reader has what it takes to inflate it.
    is_readable: bool = True


@dataclass(frozen=True)
class Container:
    """One container, whole."""

    name: str
    decoder: Stream | Archive
    text: Text
    segments: tuple[Segment, ...]
    # A compressed stream around the segments: these are then what it inflates to.
    outer: Stream | None = None
    outer_data: bytes = b""
    @functools.cached_property
    def inner_data(self) -> bytes:
        return b"".join(segment.data for segment in self.segments)

    @property
    def data(self) -> bytes:
        return self.outer_data if self.outer else self.inner_data

    @property
    def is_readable(self) -> bool:
        """Whether all of it can be read while nothing was done to it."""
        return all(segment.is_readable for segment in self.segments)

    @property
    def ending(self) -> str:
        return ".log" + self.decoder.ending + (self.outer.ending if self.outer else "")

    @functools.cached_property
    def cuts(self) -> list[int]:
        """Where segments begin and end in the file."""
        if self.outer:
            return [0, len(self.data)]
        places = [0]
        for segment in self.segments:
            places.append(places[-1] + len(segment.data))
        return places


def run(command: list[str], data: bytes) -> bytes:
    done = subprocess.run(command, input=data, capture_output=True, timeout=60)
    if done.returncode:
        raise SystemExit(f"error: {' '.join(command)}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def _zstd(*options: str) -> Callable[[bytes], bytes]:
    return lambda part: run(["zstd", "-qc", *options], part)


def _lz4(*options: str) -> Callable[[bytes], bytes]:
    return lambda part: run(["lz4", "-qc", *options], part)


def _xz(check: int) -> Callable[[bytes], bytes]:
    return lambda part: lzma.compress(part, lzma.FORMAT_XZ, check, 1)


def _gzip_fields(part: bytes) -> bytes:
    """A member with an extra field, a name, a comment and a checksum of its head."""
    head = b"\x1f\x8b\x08\x1e" + bytes(4) + b"\x00\x03" + b"\x06\x00ab\x02\x00xy" + b"log.jsonl\0" + b"a comment\0"
    head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
    machine = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = machine.compress(part) + machine.flush()
    return head + body + struct.pack("<II", zlib.crc32(part), len(part))


def _skippable(content: bytes) -> Segment:
    return Segment(struct.pack("<II", 0x184D2A53, len(content)) + content)


def _streams(encode: Callable[[bytes], bytes], count: int, shift: int = 0) -> Callable[[Text], tuple[Segment, ...]]:
    return lambda text: tuple(Segment(encode(part), part) for part in text.parts(count, shift))


def _seekable(text: Text) -> tuple[Segment, ...]:
    """Frames with the table of Zstandard's seekable format behind them."""
    frames = _streams(_zstd("--no-check"), 3)(text)
    table = b"".join(struct.pack("<II", len(frame.data), len(frame.text)) for frame in frames)
    table += struct.pack("<IBI", len(frames), 0, 0x8F92EAB1)
    return (*frames, Segment(struct.pack("<II", 0x184D2A5E, len(table)) + table))


def _skipping(text: Text) -> tuple[Segment, ...]:
    frames = _streams(_zstd("--check"), 3)(text)
    return (_skippable(b"ahead of all"), frames[0], _skippable(bytes(40)), frames[1], frames[2], _skippable(b""))


def _with_dictionary(text: Text) -> tuple[Segment, ...]:
    """The frame in the middle was made with a dictionary that nobody has."""
    first, middle, last = text.parts(3)
    with tempfile.NamedTemporaryFile(prefix="inquest-torture-") as file:
        file.write(_trained_dictionary())
        file.flush()
        made = run(["zstd", "-qc", "-D", file.name], middle)
    plain = _zstd()
    return Segment(plain(first), first), Segment(made, middle, is_readable=False), Segment(plain(last), last)


@functools.cache
def _trained_dictionary() -> bytes:
    """A dictionary with an id: raw content has none, and its frames are refused for other reasons."""
    with tempfile.TemporaryDirectory(prefix="inquest-torture-") as folder:
        os.mkdir(f"{folder}/samples")
        for number in range(1000):
            with open(f"{folder}/samples/{number}", "w") as file:
                file.write(f'{{"ts":{number},"event":"sample.{number * 7919 % 1000}","value":{number * 31}}}\n')
        command = ["zstd", "-q", "--train", "-r", f"{folder}/samples", "--maxdict=1024", "-o", f"{folder}/dictionary"]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        with open(f"{folder}/dictionary", "rb") as file:
            return file.read()


def _with_wide_window(text: Text) -> tuple[Segment, ...]:
    """The frame in the middle asks for a window of 2 GiB."""
    first, middle, last = text.parts(3)
    plain = _zstd()
    wide = run(["zstd", "-qc", "--ultra", "--long=31"], middle)
    return Segment(plain(first), first), Segment(wide, middle, is_readable=False), Segment(plain(last), last)


def _lz4_blocks(data: bytes, text: bytes, block: int) -> tuple[Segment, ...]:
    """A frame of independent blocks, block by block: a later one is found through the sizes of those ahead of it."""
    descriptor = data[4]
    place = 7 + (8 if descriptor & 0x08 else 0)
    segments = [Segment(data[:place])]
    needs = [0]
    offset = 0
    while (size := struct.unpack_from("<I", data, place)[0]) != 0:
        segments.append(Segment(data[place : place + 4]))
        needs.append(len(segments) - 1)
        length = (size & 0x7FFFFFFF) + (4 if descriptor & 0x10 else 0)
        body = data[place + 4 : place + 4 + length]
        part = text[offset : offset + block]
        segments.append(Segment(body, part, stands_alone=False, needs=tuple(needs)))
        offset += len(part)
        place += 4 + length
    segments.append(Segment(data[place:]))
    return tuple(segments)


def _xz_blocks(data: bytes, text: bytes, block: int) -> tuple[Segment, ...]:
    """A stream of many blocks: the index behind them says where each of them is."""
    size = (struct.unpack_from("<I", data, len(data) - 8)[0] + 1) * 4
    index = data[-12 - size : -12]
    place, numbers = 1, []
    while len(numbers) < 1 or len(numbers) < 1 + 2 * numbers[0]:
        value = shift = 0
        while True:
            byte = index[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        numbers.append(value)
    segments, start, offset = [Segment(data[:12])], 12, 0
    last = numbers[0] + 1
    for unpadded, inflated in zip(numbers[1::2], numbers[2::2]):
        end = start + -(-unpadded // 4) * 4
        part = text[offset : offset + inflated]
        segments.append(Segment(data[start:end], part, stands_alone=False, needs=(0, last)))
        start, offset = end, offset + inflated
    segments.append(Segment(data[start:]))
    return tuple(segments)


def _tar(style: int, encode: Callable[[bytes], bytes] | None = None, name: str = "logs/part-{}.jsonl"):
    def build(text: Text) -> tuple[Segment, ...]:
        segments = []
        for number, part in enumerate(text.parts(3)):
            stored = encode(part) if encode else part
            info = tarfile.TarInfo(name.format(number))
            info.size = len(stored)
            info.mtime = 1760000000
            head = info.tobuf(style)
            if len(head) > 512:
                segments.append(Segment(head[:-512]))
            segments.append(Segment(head[-512:] + stored + bytes(-len(stored) % 512), part))
        return (*segments, Segment(bytes(1024)))

    return build


class _Pipe(io.BytesIO):
    """Cannot be sought in, so that zipfile writes sizes behind the data."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def _zip(method: int, streamed: bool = False, large: bool = False, encode: Callable[[bytes], bytes] | None = None):
    def build(text: Text) -> tuple[Segment, ...]:
        target = _Pipe() if streamed else io.BytesIO()
        parts = text.parts(3)
        with zipfile.ZipFile(target, "w", method) as archive:
            for number, part in enumerate(parts):
                info = zipfile.ZipInfo(f"logs/part-{number}.jsonl" + (".zst" if encode else ""))
                info.compress_type = method
                with archive.open(info, "w", force_zip64=large) as file:
                    file.write(encode(part) if encode else part)
            begin = archive.start_dir
        data = target.getvalue()
        heads = [info.header_offset for info in zipfile.ZipFile(io.BytesIO(data)).infolist()]
        places = [*heads, begin]
        # Stored data with their size behind them have no end of their own.
        alone = not (streamed and method == zipfile.ZIP_STORED)
        directory = len(parts)
        members = [
            Segment(data[start:end], part, stands_alone=alone, needs=() if alone else (directory,))
            for part, start, end in zip(parts, places, places[1:])
        ]
        return (*members, Segment(data[begin:]))

    return build


@dataclass(frozen=True)
class Kind:
    """How a container is made of a text, and of how many lines that is."""

    name: str
    decoder: Stream | Archive
    build: Callable[[Text], tuple[Segment, ...]]
    lines: int = 9
    outer: Stream | None = None
    encode: Callable[[bytes], bytes] | None = None
    # Too large for every bit: so many cases are drawn.
    draws: int | None = None

    def make(self, text: Text) -> Container:
        segments = self.build(text)
        inner = b"".join(segment.data for segment in segments)
        data = self.encode(inner) if self.encode else b""
        return Container(self.name, self.decoder, text, segments, self.outer, data)


def _large(encode: Callable[[bytes], bytes]) -> Callable[[Text], tuple[Segment, ...]]:
    return lambda text: (Segment(encode(text.data), text.data),)


def kinds() -> list[Kind]:
    gz, bz, xz, zst, lz = Gzip(), Bzip2(), Xz(), Zstd(), LZ4()
    plain_gzip = functools.partial(gzip.compress, mtime=0)
    large = dict(lines=900, draws=600)
    blocks = 64 << 10
    return [
        Kind("zstd, one frame", zst, _streams(_zstd("--check"), 1)),
        Kind("zstd, no checksum", zst, _streams(_zstd("--no-check"), 1)),
        Kind("zstd, size not stated", zst, _streams(_zstd("--no-content-size"), 1)),
        Kind("zstd, three frames", zst, _streams(_zstd("--check"), 3)),
        Kind("zstd, frames within lines", zst, _streams(_zstd("--no-check"), 3, shift=40)),
        Kind("zstd, seekable", zst, _seekable),
        Kind("zstd, skippable frames", zst, _skipping),
        Kind("zstd, dictionary", zst, _with_dictionary),
        Kind("zstd, window too large", zst, _with_wide_window),
        Kind("zstd, many blocks", zst, _large(_zstd("--check")), **large),
        Kind("gzip, one member", gz, _streams(plain_gzip, 1)),
        Kind("gzip, all fields", gz, _streams(_gzip_fields, 1)),
        Kind("gzip, three members", gz, _streams(plain_gzip, 3)),
        Kind("gzip, members within lines", gz, _streams(plain_gzip, 3, shift=40)),
        Kind("gzip, large", gz, _large(plain_gzip), **large),
        Kind("bzip2, one stream", bz, _streams(bz2.compress, 1)),
        Kind("bzip2, three streams", bz, _streams(bz2.compress, 3)),
        Kind("bzip2, many blocks", bz, _large(lambda part: bz2.compress(part, 1)), **large),
        Kind("xz, crc64", xz, _streams(_xz(lzma.CHECK_CRC64), 1)),
        Kind("xz, no check", xz, _streams(_xz(lzma.CHECK_NONE), 1)),
        Kind("xz, three streams, crc32", xz, _streams(_xz(lzma.CHECK_CRC32), 3)),
        Kind("xz, padded streams, sha256", xz,
             lambda text: tuple(piece for part in text.parts(3)
                                for piece in (Segment(_xz(lzma.CHECK_SHA256)(part), part), Segment(bytes(8))))),
        Kind("xz, many blocks", xz,
             lambda text: _xz_blocks(run(["xz", "-qc", "-0", f"--block-size={blocks}"], text.data), text.data, blocks),
             **large),
        Kind("lz4, one frame", lz, _streams(_lz4("-1"), 1)),
        Kind("lz4, no checksum", lz, _streams(_lz4("-1", "--no-frame-crc"), 1)),
        Kind("lz4, three frames", lz, _streams(_lz4("-1", "--content-size"), 3)),
        Kind("lz4, independent blocks", lz,
             lambda text: _lz4_blocks(run(["lz4", "-qc", "-B4", "-BI", "-BX"], text.data), text.data, blocks), **large),
        Kind("lz4, linked blocks", lz, _large(_lz4("-B4", "-BD")), **large),
        Kind("tar, ustar", Tar(), _tar(tarfile.USTAR_FORMAT), draws=20_000),
        Kind("tar, pax", Tar(), _tar(tarfile.PAX_FORMAT, name="logs/" + "n" * 120 + "/pàrt-{}.jsonl"), draws=20_000),
        Kind("tar, gnu", Tar(), _tar(tarfile.GNU_FORMAT, name="logs/" + "n" * 120 + "/part-{}.jsonl"), draws=20_000),
        Kind("tar of zstd", Tar(zst), _tar(tarfile.USTAR_FORMAT, _zstd("--check"), name="logs/part-{}.jsonl.zst"),
             draws=20_000),
        Kind("tar.gz", Tar(), _tar(tarfile.USTAR_FORMAT), outer=gz, encode=plain_gzip),
        Kind("tar.zst", Tar(), _tar(tarfile.USTAR_FORMAT), outer=zst, encode=_zstd("--check")),
        Kind("tar.bz2", Tar(), _tar(tarfile.USTAR_FORMAT), outer=bz, encode=bz2.compress),
        Kind("tar.xz", Tar(), _tar(tarfile.USTAR_FORMAT), outer=xz, encode=_xz(lzma.CHECK_CRC64)),
        Kind("tar.lz4", Tar(), _tar(tarfile.USTAR_FORMAT), outer=lz, encode=_lz4("-1")),
        Kind("zip, deflated", Zip(), _zip(zipfile.ZIP_DEFLATED)),
        Kind("zip, stored", Zip(), _zip(zipfile.ZIP_STORED)),
        Kind("zip, data descriptors", Zip(), _zip(zipfile.ZIP_DEFLATED, streamed=True)),
        Kind("zip, stored with descriptors", Zip(), _zip(zipfile.ZIP_STORED, streamed=True)),
        Kind("zip64", Zip(), _zip(zipfile.ZIP_DEFLATED, large=True)),
        Kind("zip of zstd", Zip(zst), _zip(zipfile.ZIP_STORED, encode=_zstd("--check"))),
    ]

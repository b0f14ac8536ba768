"""Independent decoders: what each kind of container still gives when it is damaged, and whether anybody would notice.

None of this shares code with Inquest. zlib, bz2, lzma and zipfile are Python's; libzstd and liblz4 come through ctypes;
tar's headers are walked here, since tarfile stops silently at a damaged one.
"""

import bz2
import enum
import io
import lzma
import struct
import zipfile
import zlib

from libraries import Broken, LZ4Frames, ZstdFrames


class Verdict(enum.Enum):
    """What an independent decoder says of a file."""

    SOUND = 0
    # Decoders differ, or the format leaves it open: both answers are right as long as no record is lost.
    EITHER = 1
    DAMAGED = 2

    def and_(self, other: "Verdict") -> "Verdict":
        return max(self, other, key=lambda verdict: verdict.value)


class Stream:
    """A kind of compressed stream: members, frames or streams one behind the other."""

    ending = ""
    # Whether zeros behind the last member are padding rather than damage.
    allows_zeros = False
    # Whether some decoders go on with a member behind zeros, which others take for garbage.
    skips_zeros = False

    def member(self, data: bytes, start: int) -> tuple[bytes, int]:
        """The content of the member at `start` and where it ends. Raises Broken."""
        raise NotImplementedError

    def walk(self, data: bytes, start: int = 0) -> tuple[bytes, Verdict]:
        """What the members from `start` on inflate to, up to the first fault."""
        content = b""
        place = start
        verdict = Verdict.SOUND if data else Verdict.EITHER
        while place < len(data):
            if self.skips_zeros and place > start and data[place] == 0:
                place = len(data) - len(data[place:].lstrip(b"\0"))
                verdict = Verdict.EITHER
                continue
            try:
                part, place = self.member(data, place)
            except Broken as broken:
                if place > start and not any(data[place:]) and self.allows_zeros:
                    return content, Verdict.EITHER
                return content + broken.prefix, Verdict.DAMAGED
            content += part
        return content, verdict

    def decode(self, data: bytes) -> tuple[list[bytes], Verdict]:
        content, verdict = self.walk(data)
        return [content], verdict

    def salvage(self, data: bytes) -> list[bytes]:
        """Whole texts that a reader gets although the file is damaged."""
        return []


def _feed(machine, data: bytes, start: int, errors: tuple) -> bytes:
    """What a decompressor gives of damaged data: fed byte by byte, so that nothing is lost with the call that fails."""
    content = bytearray()
    step = 1 if len(data) - start < 4096 else 32
    try:
        for place in range(start, len(data), step):
            content += machine.decompress(data[place : place + step])
            if machine.eof:
                break
    except errors:
        pass
    return bytes(content)


class Gzip(Stream):
    ending = ".gz"
    allows_zeros = True
    skips_zeros = True

    def member(self, data: bytes, start: int) -> tuple[bytes, int]:
        machine = zlib.decompressobj(31)
        try:
            content = machine.decompress(data[start:])
            if machine.eof:
                return content, len(data) - len(machine.unused_data)
        except zlib.error as error:
            raise Broken(_feed(zlib.decompressobj(31), data, start, (zlib.error,)), str(error)) from error
        raise Broken(content, "truncated")


class Xz(Stream):
    ending = ".xz"
    allows_zeros = True

    def member(self, data: bytes, start: int) -> tuple[bytes, int]:
        machine = lzma.LZMADecompressor(lzma.FORMAT_XZ)
        try:
            content = machine.decompress(data[start:])
            if machine.eof:
                end = len(data) - len(machine.unused_data)
                # Padding between streams, in fours.
                while data[end : end + 4] == bytes(4):
                    end += 4
                return content, end
        except lzma.LZMAError as error:
            machine = lzma.LZMADecompressor(lzma.FORMAT_XZ)
            raise Broken(_feed(machine, data, start, (lzma.LZMAError,)), str(error)) from error
        raise Broken(content, "truncated")


class Bzip2(Stream):
    ending = ".bz2"

    def member(self, data: bytes, start: int) -> tuple[bytes, int]:
        machine = bz2.BZ2Decompressor()
        try:
            content = machine.decompress(data[start:])
            if machine.eof:
                return content, len(data) - len(machine.unused_data)
        except OSError as error:
            raise Broken(_feed(bz2.BZ2Decompressor(), data, start, (OSError,)), str(error)) from error
        raise Broken(content, "truncated")

    BLOCK = 0x314159265359
    END = 0x177245385090

    def blocks(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """The blocks with a right checksum that stand anywhere: first bit, bit behind the last, content."""
        total = len(data) * 8
        number = int.from_bytes(data, "big")
        starts = [(bit, True) for bit in _places(data, self.BLOCK)]
        marks = sorted(starts + [(bit, False) for bit in _places(data, self.END)])
        found = []
        for index, (bit, is_block) in enumerate(marks):
            if not is_block:
                continue
            end = marks[index + 1][0] if index + 1 < len(marks) else total
            width = total - bit
            rest = number & ((1 << width) - 1)
            block = rest >> (total - end)
            content = self._block(block, end - bit)
            if content is not None:
                found.append((bit, end, content))
        return found

    def _block(self, block: int, width: int) -> bytes | None:
        checksum = block >> (width - 80) & 0xFFFFFFFF if width > 80 else 0
        bits = (block << 80) | (self.END << 32) | checksum
        width += 80
        padded = -(-width // 8) * 8
        stream = b"BZh9" + (bits << (padded - width)).to_bytes(padded // 8, "big")
        machine = bz2.BZ2Decompressor()
        try:
            content = machine.decompress(stream)
            if machine.eof:
                return content
        except OSError:
            pass
        # Where the end of a block is not known, what stands behind it is refused, but not the block.
        return _feed(bz2.BZ2Decompressor(), stream, 0, (OSError,)) or None


def _places(data: bytes, mark: int) -> list[int]:
    """The bits at which a mark of 48 bits stands."""
    places = []
    for shift in range(8):
        # The whole bytes inside the mark when it stands `shift` bits into a byte.
        middle = mark >> shift if shift else mark
        width = 6 if shift == 0 else 5
        pattern = (middle & ((1 << width * 8) - 1)).to_bytes(width, "big")
        place = data.find(pattern)
        while place >= 0:
            bit = place * 8 if shift == 0 else place * 8 - (8 - shift)
            if bit >= 0 and _bits(data, bit, 48) == mark:
                places.append(bit)
            place = data.find(pattern, place + 1)
    return places


def _bits(data: bytes, bit: int, width: int) -> int:
    first, last = bit // 8, -(-(bit + width) // 8)
    number = int.from_bytes(data[first:last], "big")
    return number >> (last * 8 - bit - width) & ((1 << width) - 1) if last <= len(data) else -1


class Zstd(Stream):
    ending = ".zst"

    def __init__(self):
        self._frames = ZstdFrames()

    def member(self, data: bytes, start: int) -> tuple[bytes, int]:
        return self._frames.frame(data, start)


class LZ4(Stream):
    ending = ".lz4"

    def __init__(self):
        self._frames = LZ4Frames()

    def member(self, data: bytes, start: int) -> tuple[bytes, int]:
        if len(data) - start >= 8 and data[start + 1 : start + 4] == b"\x2a\x4d\x18" and data[start] & 0xF0 == 0x50:
            end = start + 8 + struct.unpack_from("<I", data, start + 4)[0]
            if end > len(data):
                raise Broken(b"", "truncated")
            return b"", end
        return self._frames.frame(data, start)


class Archive:
    """A kind of archive: members with a text each."""

    ending = ""

    def __init__(self, inner: Stream | None = None):
        # What the members are compressed with besides.
        self.inner = inner

    def salvage(self, data: bytes) -> list[bytes]:
        """Whole texts that a reader gets although the file is damaged."""
        return []

    def text(self, stored: bytes) -> tuple[bytes, Verdict]:
        return self.inner.walk(stored) if self.inner else (stored, Verdict.SOUND)


class Tar(Archive):
    ending = ".tar"

    def _members(self, data: bytes, place: int):
        """Kind, content and verdict of each member; what ends the walk has no kind."""
        while True:
            head = data[place : place + 512]
            if len(head) < 512:
                yield None, b"", Verdict.DAMAGED if head else Verdict.EITHER
                return
            if not any(head):
                rest = data[place:]
                is_whole = len(rest) >= 1024 and not any(rest) and len(data) % 512 == 0
                yield None, b"", Verdict.SOUND if is_whole else Verdict.EITHER
                return
            size = self._size(head)
            if size is None:
                yield None, b"", Verdict.DAMAGED
                return
            body = data[place + 512 : place + 512 + size]
            yield head[156:157], body, Verdict.SOUND if len(body) == size else Verdict.DAMAGED
            if len(body) < size:
                return
            place += 512 + -(-size // 512) * 512

    @staticmethod
    def _size(head: bytes) -> int | None:
        try:
            stated = int(head[148:156].split(b"\0")[0].strip() or b"0", 8)
            if stated != sum(head) - sum(head[148:156]) + 8 * 32:
                return None
            field = head[124:136]
            if field[0] & 0x80:
                return int.from_bytes(field[1:], "big")
            return int(field.split(b"\0")[0].strip() or b"0", 8)
        except ValueError:
            return None

    def decode(self, data: bytes) -> tuple[list[bytes], Verdict]:
        texts, verdict = [], Verdict.SOUND
        for kind, body, said in self._members(data, 0):
            verdict = verdict.and_(said)
            if kind in (b"0", b"\0"):
                text, inner = self.text(body)
                texts.append(text)
                verdict = verdict.and_(inner)
        return texts, verdict if data else Verdict.EITHER

    def walk(self, data: bytes, start: int) -> tuple[bytes, Verdict]:
        """What there is of the first member from `start` on."""
        for kind, body, verdict in self._members(data, start):
            if kind in (b"0", b"\0"):
                return self.text(body)[0], verdict
        return b"", Verdict.DAMAGED


class Zip(Archive):
    ending = ".zip"
    _ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
               struct.error, UnicodeError, OverflowError, MemoryError)

    def _read(self, data: bytes) -> tuple[list[bytes], Verdict]:
        texts, verdict = [], Verdict.EITHER
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
            members = archive.infolist()
        except self._ERRORS:
            return [], Verdict.DAMAGED
        for member in members:
            # A damaged name may be empty, which is_dir does not take.
            if member.filename.endswith("/"):
                continue
            try:
                # A damaged directory may claim any size.
                with archive.open(member) as file:
                    text, inner = self.text(file.read(1 << 24))
            except self._ERRORS:
                verdict = Verdict.DAMAGED
                continue
            texts.append(text)
            verdict = verdict.and_(inner)
        return texts, verdict

    def decode(self, data: bytes) -> tuple[list[bytes], Verdict]:
        return self._read(data)

    def salvage(self, data: bytes) -> list[bytes]:
        return self._read(data)[0]

    def walk(self, data: bytes, start: int) -> tuple[bytes, Verdict]:
        """What there is of the member whose local header stands at `start`."""
        head = data[start : start + 30]
        if len(head) < 30 or head[:4] != b"PK\3\4":
            return b"", Verdict.DAMAGED
        method, = struct.unpack_from("<H", head, 8)
        name, extra = struct.unpack_from("<HH", head, 26)
        place = start + 30 + name + extra
        if method == 0:
            return self.text(data[place:])[0], Verdict.DAMAGED
        if method == 8:
            return self.text(_feed(zlib.decompressobj(-15), data, place, (zlib.error,)))[0], Verdict.DAMAGED
        return b"", Verdict.DAMAGED

"""libzstd and liblz4 through ctypes: frames are inflated as far as they go."""

import ctypes
import ctypes.util


class Broken(Exception):
    """An independent decoder refuses its input; `prefix` is what it gave before."""

    def __init__(self, prefix: bytes, reason: str):
        super().__init__(reason)
        self.prefix = prefix


def _load(name: str, package: str) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(name)
    except OSError as error:
        raise SystemExit(f"error: {name} is missing: {error}\nhint: apt-get install {package}") from error


class _Buffer(ctypes.Structure):
    _fields_ = [("place", ctypes.c_void_p), ("size", ctypes.c_size_t), ("done", ctypes.c_size_t)]


_zstd = _load("libzstd.so.1", "libzstd1")
_zstd.ZSTD_createDCtx.restype = ctypes.c_void_p
_zstd.ZSTD_decompressStream.restype = ctypes.c_size_t
_zstd.ZSTD_decompressStream.argtypes = [ctypes.c_void_p, ctypes.POINTER(_Buffer), ctypes.POINTER(_Buffer)]
_zstd.ZSTD_DCtx_reset.argtypes = [ctypes.c_void_p, ctypes.c_int]
_zstd.ZSTD_isError.argtypes = [ctypes.c_size_t]
_zstd.ZSTD_getErrorName.argtypes = [ctypes.c_size_t]
_zstd.ZSTD_getErrorName.restype = ctypes.c_char_p

_lz4 = _load("liblz4.so.1", "liblz4-1")
_lz4.LZ4F_createDecompressionContext.argtypes = [ctypes.POINTER(ctypes.c_void_p), ctypes.c_uint]
_lz4.LZ4F_decompress.restype = ctypes.c_size_t
_lz4.LZ4F_decompress.argtypes = [
    ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t), ctypes.c_char_p,
    ctypes.POINTER(ctypes.c_size_t), ctypes.c_void_p,
]
_lz4.LZ4F_resetDecompressionContext.argtypes = [ctypes.c_void_p]
_lz4.LZ4F_isError.argtypes = [ctypes.c_size_t]
_lz4.LZ4F_getErrorName.argtypes = [ctypes.c_size_t]
_lz4.LZ4F_getErrorName.restype = ctypes.c_char_p

_ROOM = 1 << 18
# A damaged frame may inflate to far more than any corpus holds; whatever comes behind this is of no interest.
_MOST = 1 << 24


def _step(size: int) -> int:
    """How much is given at once: little, so that what stands ahead of damage is not lost with the call that meets it."""
    return 1 if size < 4096 else 64


class ZstdFrames:
    """Inflates zstd frames, one call each."""

    def __init__(self):
        self._context = _zstd.ZSTD_createDCtx()
        self._room = ctypes.create_string_buffer(_ROOM)

    def frame(self, data: bytes, start: int) -> tuple[bytes, int]:
        """The content of the frame at `start` and where it ends."""
        _zstd.ZSTD_DCtx_reset(self._context, 1)
        size = len(data) - start
        source = ctypes.create_string_buffer(data[start:], max(1, size))
        step = _step(size)
        given = _Buffer(ctypes.addressof(source), min(step, size), 0)
        content = bytearray()
        while True:
            taken = _Buffer(ctypes.addressof(self._room), _ROOM, 0)
            before = given.done
            result = _zstd.ZSTD_decompressStream(self._context, ctypes.byref(taken), ctypes.byref(given))
            if _zstd.ZSTD_isError(result):
                raise Broken(bytes(content), _zstd.ZSTD_getErrorName(result).decode())
            content += self._room.raw[: taken.done]
            if result == 0:
                return bytes(content), start + given.done
            if len(content) > _MOST or (given.done == before and taken.done == 0 and given.size == size):
                raise Broken(bytes(content), "the frame is truncated")
            given.size = min(max(given.size, given.done + step), size)


class LZ4Frames:
    """Inflates lz4 frames, one call each."""

    def __init__(self):
        self._context = ctypes.c_void_p()
        _lz4.LZ4F_createDecompressionContext(ctypes.byref(self._context), 100)
        self._room = ctypes.create_string_buffer(_ROOM)

    def frame(self, data: bytes, start: int) -> tuple[bytes, int]:
        """The content of the frame at `start` and where it ends."""
        _lz4.LZ4F_resetDecompressionContext(self._context)
        content = bytearray()
        place = start
        step = _step(len(data) - start)
        while True:
            room = ctypes.c_size_t(_ROOM)
            piece = data[place : place + step]
            size = ctypes.c_size_t(len(piece))
            result = _lz4.LZ4F_decompress(
                self._context, self._room, ctypes.byref(room), piece, ctypes.byref(size), None)
            if _lz4.LZ4F_isError(result):
                raise Broken(bytes(content), _lz4.LZ4F_getErrorName(result).decode())
            content += self._room.raw[: room.value]
            place += size.value
            if result == 0:
                return bytes(content), place
            if len(content) > _MOST or (size.value == 0 and room.value == 0):
                raise Broken(bytes(content), "the frame is truncated")

#ifndef CBYTEINDEX_H
#define CBYTEINDEX_H

// Finds the bytes that cut lines of ordinary JSON into pieces, 64 at a time.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    // Room for this many offsets is needed beyond one for each byte: whole registers are stored, and sentinels follow.
    CBI_OFFSETS_BEYOND = 32,
    // Offsets written behind the last, all of them `length`: a reader may look so far ahead from the last entry without
    // looking at memory that nobody wrote. One member of an object takes four, the quotes of its key and of its value.
    CBI_SENTINELS = 4,
    // Bytes that are read past `length`: whole registers are loaded.
    CBI_BYTES_BEYOND = 63
};

// Writes the offsets of all quotes, and of all bytes that an ordinary line has none of: control characters, line ends among
// them, backslashes, and what is not ASCII; then CBI_SENTINELS sentinels. Returns how many offsets there are, sentinels left out.
// `bytes` must be readable for CBI_BYTES_BEYOND past `length`; `places` must have room for `length` offsets and
// CBI_OFFSETS_BEYOND more.
size_t cbi_index(const uint8_t *bytes, size_t length, uint32_t *places);

#ifdef __cplusplus
}
#endif

#endif

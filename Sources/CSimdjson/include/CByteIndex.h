#ifndef CBYTEINDEX_H
#define CBYTEINDEX_H

// Finds the bytes that cut lines of ordinary JSON into pieces, 64 at a time.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// So many more offsets than there are bytes may be written, of which those beyond the last mean nothing: whole registers are stored.
enum { CBI_OFFSETS_BEYOND = 32 };

// Writes the offsets of all quotes, and of all bytes that an ordinary line has none of: control characters, line ends among
// them, backslashes, and what is not ASCII. Returns how many there are.
// `bytes` must be readable for 63 bytes past `length`; `places` must have room for `length` offsets and CBI_OFFSETS_BEYOND more.
size_t cbi_index(const uint8_t *bytes, size_t length, uint32_t *places);

#ifdef __cplusplus
}
#endif

#endif

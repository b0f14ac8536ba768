#ifndef CBITCOLUMNS_H
#define CBITCOLUMNS_H

#include <stdint.h>

// Packs blocks of integers as so many bits each, four of them at a time: value i stands in lane i % 4, and a lane is a stream of bits in 64-bit
// words, lowest bits first. The lanes' words take turns.

// The number of words that `count` values of `width` bits take.
static inline intptr_t cbc_words(intptr_t count, intptr_t width) { return 4 * (((count + 3) / 4 * width + 63) / 64); }

// The smallest and the largest of `count` values, of which there must be one.
void cbc_range(const int64_t *values, intptr_t count, int64_t *least, int64_t *most);

// Writes `cbc_words(count, width)` words: how far each value is above `least`, which takes no more than `width` bits, 1 to 64.
void cbc_pack(const int64_t *values, intptr_t count, int64_t least, intptr_t width, uint64_t *words);

// Reads what was written so.
void cbc_unpack(const uint64_t *words, intptr_t count, int64_t least, intptr_t width, int64_t *values);

#endif

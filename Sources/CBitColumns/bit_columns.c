#include "CBitColumns.h"

#include <string.h>

// The bodies are written once and compiled twice: for any processor, and for those with AVX2.
#define BODY static inline __attribute__((always_inline)) void

typedef uint64_t lanes __attribute__((vector_size(32)));
typedef int64_t signed_lanes __attribute__((vector_size(32)));

BODY range(const int64_t *values, intptr_t count, int64_t *least, int64_t *most) {
  int64_t low = values[0], high = values[0];
  intptr_t at = 0;
  if (count >= 4) {
    signed_lanes lows, highs;
    memcpy(&lows, values, sizeof lows);
    highs = lows;
    for (at = 4; at + 4 <= count; at += 4) {
      signed_lanes next;
      memcpy(&next, values + at, sizeof next);
      signed_lanes below = next < lows, above = next > highs;
      lows = (below & next) | (~below & lows);
      highs = (above & next) | (~above & highs);
    }
    for (int i = 0; i < 4; i++) {
      if (lows[i] < low) low = lows[i];
      if (highs[i] > high) high = highs[i];
    }
  }
  for (; at < count; at++) {
    if (values[at] < low) low = values[at];
    if (values[at] > high) high = values[at];
  }
  *least = low;
  *most = high;
}

BODY pack(const int64_t *values, intptr_t count, int64_t least, uint64_t width, uint64_t *words) {
  lanes pending = {0, 0, 0, 0};
  uint64_t used = 0;
  for (intptr_t at = 0; at < count; at += 4) {
    lanes next;
    if (at + 4 <= count) {
      memcpy(&next, values + at, sizeof next);
    } else {
      next = (lanes){(uint64_t)least, (uint64_t)least, (uint64_t)least, (uint64_t)least};
      memcpy(&next, values + at, (size_t)(count - at) * sizeof *values);
    }
    next -= (uint64_t)least;
    pending |= next << used;
    used += width;
    if (used < 64) continue;
    memcpy(words, &pending, sizeof pending);
    words += 4;
    used -= 64;
    pending = used == 0 ? (lanes){0, 0, 0, 0} : next >> (width - used);
  }
  if (used > 0) memcpy(words, &pending, sizeof pending);
}

BODY unpack(const uint64_t *words, intptr_t count, int64_t least, uint64_t width, int64_t *values) {
  uint64_t mask = width == 64 ? ~0ULL : (1ULL << width) - 1;
  lanes word = {0, 0, 0, 0};
  // As if all bits of a word ahead of the first had been read.
  uint64_t used = 64;
  for (intptr_t at = 0; at < count; at += 4) {
    if (used == 64) {
      memcpy(&word, words, sizeof word);
      words += 4;
      used = 0;
    }
    lanes value = word >> used;
    used += width;
    if (used > 64) {
      memcpy(&word, words, sizeof word);
      words += 4;
      used -= 64;
      value |= word << (width - used);
    }
    value = (value & mask) + (uint64_t)least;
    memcpy(values + at, &value, at + 4 <= count ? sizeof value : (size_t)(count - at) * sizeof *values);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void avx2_range(
    const int64_t *values, intptr_t count, int64_t *least, int64_t *most) {
  range(values, count, least, most);
}
__attribute__((target("avx2"))) static void avx2_pack(
    const int64_t *values, intptr_t count, int64_t least, uint64_t width, uint64_t *words) {
  pack(values, count, least, width, words);
}
__attribute__((target("avx2"))) static void avx2_unpack(
    const uint64_t *words, intptr_t count, int64_t least, uint64_t width, int64_t *values) {
  unpack(words, count, least, width, values);
}
#define WITH_AVX2(call)                   \
  if (__builtin_cpu_supports("avx2")) {   \
    call;                                 \
    return;                               \
  }
#else
#define WITH_AVX2(call)
#endif

void cbc_range(const int64_t *values, intptr_t count, int64_t *least, int64_t *most) {
  WITH_AVX2(avx2_range(values, count, least, most))
  range(values, count, least, most);
}

void cbc_pack(const int64_t *values, intptr_t count, int64_t least, intptr_t width, uint64_t *words) {
  WITH_AVX2(avx2_pack(values, count, least, (uint64_t)width, words))
  pack(values, count, least, (uint64_t)width, words);
}

void cbc_unpack(const uint64_t *words, intptr_t count, int64_t least, intptr_t width, int64_t *values) {
  WITH_AVX2(avx2_unpack(words, count, least, (uint64_t)width, values))
  unpack(words, count, least, (uint64_t)width, values);
}

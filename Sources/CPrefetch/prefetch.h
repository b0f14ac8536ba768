#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// What Swift has no word for: has the memory from an address on brought near, line by line. It is never read, so any address will do.
static inline void prefetch_memory(const void *address, intptr_t length) {
  for (uintptr_t line = (uintptr_t)address & ~(uintptr_t)63; line < (uintptr_t)address + (uintptr_t)length; line += 64)
    __builtin_prefetch((const void *)line);
}

// The number of printable ASCII bytes ahead of the first quote, backslash or other byte, which there must be. Reads up to 15 bytes beyond it.
static inline intptr_t plain_length(const uint8_t *text) {
  for (intptr_t at = 0;; at += 16) {
#if defined(__SSE2__)
    __m128i bytes = _mm_loadu_si128((const __m128i *)(text + at));
    // Signed: bytes beyond ASCII are below a blank too.
    __m128i odd = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    int mask = _mm_movemask_epi8(_mm_or_si128(odd, _mm_or_si128(quote, slash)));
    if (mask != 0) return at + __builtin_ctz((unsigned)mask);
#else
    for (int i = 0; i < 16; i++) {
      uint8_t byte = text[at + i];
      if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') return at + i;
    }
#endif
  }
}

// Whether two texts begin with the same bytes. The second is followed by zeros up to a multiple of 16 bytes; of the first as many are read.
static inline int begins_with(const uint8_t *text, const uint8_t *constant, intptr_t length) {
  static const uint8_t window[32] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
  intptr_t at = 0;
#if defined(__SSE2__)
  for (; at + 16 <= length; at += 16) {
    __m128i a = _mm_loadu_si128((const __m128i *)(text + at));
    __m128i b = _mm_loadu_si128((const __m128i *)(constant + at));
    if (_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)) != 0xFFFF) return 0;
  }
  if (at == length) return 1;
  __m128i mask = _mm_loadu_si128((const __m128i *)(window + 16 - (length - at)));
  __m128i a = _mm_and_si128(_mm_loadu_si128((const __m128i *)(text + at)), mask);
  __m128i b = _mm_loadu_si128((const __m128i *)(constant + at));
  return _mm_movemask_epi8(_mm_cmpeq_epi8(a, b)) == 0xFFFF;
#else
  (void)window;
  for (; at < length; at++)
    if (text[at] != constant[at]) return 0;
  return 1;
#endif
}

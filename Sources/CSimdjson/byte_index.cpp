#include "CByteIndex.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

// Appends the offsets of a mask's bits, eight at a time: the few written too many are overwritten by the next ones.
inline uint32_t *append(uint32_t *out, uint64_t mask, uint32_t base) {
    int count = __builtin_popcountll(mask);
    uint32_t *end = out + count;
    while (count > 0) {
        for (int i = 0; i < 8; i++) {
            out[i] = base + static_cast<uint32_t>(__builtin_ctzll(mask | (1ULL << 63)));
            mask &= mask - 1;
        }
        out += 8;
        count -= 8;
    }
    return end;
}

inline bool marks(uint8_t byte) { return byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\'; }

uint64_t portable_mask(const uint8_t *bytes) {
    uint64_t mask = 0;
    for (int i = 0; i < 64; i++) mask |= static_cast<uint64_t>(marks(bytes[i])) << i;
    return mask;
}

size_t portable_index(const uint8_t *bytes, size_t length, uint32_t *places) {
    uint32_t *out = places;
    for (size_t at = 0; at < length; at += 64) {
        uint64_t mask = portable_mask(bytes + at);
        if (length - at < 64) mask &= (1ULL << (length - at)) - 1;
        out = append(out, mask, static_cast<uint32_t>(at));
    }
    return static_cast<size_t>(out - places);
}

#if defined(__x86_64__)

// Signed comparison: what is below a space is a control character, or a byte beyond ASCII.
__attribute__((target("avx2"))) inline uint32_t avx2_mask(const uint8_t *bytes) {
    __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(bytes));
    __m256i odd = _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), v);
    __m256i quote = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"'));
    __m256i slash = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'));
    return static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(odd, _mm256_or_si256(quote, slash))));
}

__attribute__((target("avx2,bmi,popcnt"))) size_t avx2_index(const uint8_t *bytes, size_t length, uint32_t *places) {
    uint32_t *out = places;
    for (size_t at = 0; at < length; at += 64) {
        uint64_t mask = avx2_mask(bytes + at) | static_cast<uint64_t>(avx2_mask(bytes + at + 32)) << 32;
        if (length - at < 64) mask &= (1ULL << (length - at)) - 1;
        int count = __builtin_popcountll(mask);
        uint32_t *end = out + count;
        while (count > 0) {
            for (int i = 0; i < 8; i++) {
                out[i] = static_cast<uint32_t>(at) + static_cast<uint32_t>(_tzcnt_u64(mask));
                mask &= mask - 1;
            }
            out += 8;
            count -= 8;
        }
        out = end;
    }
    return static_cast<size_t>(out - places);
}

bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"); }

// The same with the mask straight from the comparisons, and the offsets compressed in a register, sixteen of them stored at a time.
__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt"))) size_t avx512_index(
    const uint8_t *bytes, size_t length, uint32_t *places) {
    alignas(64) uint8_t counted[64];
    for (int i = 0; i < 64; i++) counted[i] = static_cast<uint8_t>(i);
    const __m512i offsets = _mm512_load_si512(counted);
    uint32_t *out = places;
    for (size_t at = 0; at < length; at += 64) {
        __m512i v = _mm512_loadu_si512(bytes + at);
        uint64_t mask = _mm512_cmplt_epi8_mask(v, _mm512_set1_epi8(0x20)) |
                        _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')) |
                        _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\'));
        if (length - at < 64) mask &= (1ULL << (length - at)) - 1;
        const int count = __builtin_popcountll(mask);
        const __m512i found = _mm512_maskz_compress_epi8(mask, offsets);
        const __m512i base = _mm512_set1_epi32(static_cast<int>(at));
        _mm512_storeu_si512(out, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(found))));
        if (count > 16) {
            _mm512_storeu_si512(
                out + 16, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(found, 1))));
        }
        if (count > 32) {
            _mm512_storeu_si512(
                out + 32, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(found, 2))));
            _mm512_storeu_si512(
                out + 48, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(found, 3))));
        }
        out += count;
    }
    return static_cast<size_t>(out - places);
}

bool has_avx512() { return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2"); }

#endif

size_t index(const uint8_t *bytes, size_t length, uint32_t *places) {
#if defined(__x86_64__)
    static const bool fastest = has_avx512();
    static const bool fast = has_avx2();
    if (fastest) return avx512_index(bytes, length, places);
    if (fast) return avx2_index(bytes, length, places);
#endif
    return portable_index(bytes, length, places);
}

// A last register's store reaches at most one register, sixteen offsets, behind the last that counts.
static_assert(CBI_OFFSETS_BEYOND >= 16 && CBI_OFFSETS_BEYOND >= CBI_SENTINELS, "no room behind the last offset");

}  // namespace

extern "C" size_t cbi_index(const uint8_t *bytes, size_t length, uint32_t *places) {
    const size_t count = index(bytes, length, places);
    for (size_t i = 0; i < CBI_SENTINELS; i++) places[count + i] = static_cast<uint32_t>(length);
    return count;
}

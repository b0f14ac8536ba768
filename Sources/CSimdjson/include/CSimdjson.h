#ifndef CSIMDJSON_H
#define CSIMDJSON_H

// The C face of simdjson's DOM parser: one line in, its members out as a flat array.
// Nothing here knows what a record means but the names of its keys.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CByteIndex.h"

#ifdef __cplusplus
extern "C" {
#endif

// The keys of EVENTS.md, in the order of their table; everything else is CSJ_KEY_OTHER.
enum csj_key {
    CSJ_KEY_OTHER = 0,
    CSJ_KEY_TS, CSJ_KEY_ACTOR, CSJ_KEY_EVENT, CSJ_KEY_ROLE, CSJ_KEY_VC, CSJ_KEY_ID, CSJ_KEY_ITEM, CSJ_KEY_CAUSES,
    CSJ_KEY_ENDPOINT, CSJ_KEY_PLAN, CSJ_KEY_ACTIVE, CSJ_KEY_REPLACES, CSJ_KEY_COMMIT, CSJ_KEY_STORE, CSJ_KEY_RECORDS,
    CSJ_KEY_OUTCOME, CSJ_KEY_ERROR, CSJ_KEY_ATTEMPT, CSJ_KEY_QUEUE, CSJ_KEY_DEPTH, CSJ_KEY_OLDEST_MS,
    CSJ_KEY_LATENCY_MS, CSJ_KEY_ARRIVED, CSJ_KEY_COMPLETED, CSJ_KEY_FAILED, CSJ_KEY_ARRIVED_TOTAL,
    CSJ_KEY_COMPLETED_TOTAL, CSJ_KEY_FAILED_TOTAL, CSJ_KEY_SERVICE, CSJ_KEY_REQUESTS, CSJ_KEY_ERRORS,
    CSJ_KEY_THROTTLES, CSJ_KEY_STATE, CSJ_KEY_BY, CSJ_KEY_REASON,
    CSJ_KEY_COUNT
};

enum csj_type {
    CSJ_NULL = 0, CSJ_BOOL, CSJ_INT, CSJ_UINT, CSJ_DOUBLE, CSJ_STRING, CSJ_ARRAY, CSJ_OBJECT
};

// One member of the line's object, or one element of a member that is itself an object or an array.
typedef struct {
    const char *name;       // unescaped key, in the parser's memory until the next parse; NULL in arrays
    uint32_t name_length;
    uint8_t key;            // csj_key; CSJ_KEY_OTHER below the top level
    uint8_t type;           // csj_type
    uint32_t child;         // for CSJ_ARRAY and CSJ_OBJECT: index of the first element in `children`
    uint32_t child_count;
    int64_t integer;        // CSJ_INT; CSJ_UINT as its bits; CSJ_BOOL 0 or 1
    double number;          // CSJ_DOUBLE
    const char *text;       // CSJ_STRING, unescaped, in the parser's memory until the next parse
    uint32_t text_length;
} csj_member;

enum csj_error {
    CSJ_OK = 0,
    CSJ_NOT_AN_OBJECT,
    CSJ_SYNTAX,             // no JSON
    CSJ_UTF8,
    CSJ_NUMBER,             // a number that simdjson refuses: malformed, or too large for it
    CSJ_DEPTH,
    CSJ_MEMORY
};

typedef struct csj_parser csj_parser;

// A parser for lines of up to `capacity` bytes, nested up to `depth` deep; NULL where there is no memory.
csj_parser *csj_create(size_t capacity, size_t depth);
void csj_destroy(csj_parser *parser);

// Parses one line. `line` must be readable for csj_padding() bytes past its end.
// On CSJ_OK the members are at csj_members until the next parse.
enum csj_error csj_parse(csj_parser *parser, const char *line, size_t length);
const csj_member *csj_members(const csj_parser *parser, size_t *count);
const csj_member *csj_children(const csj_parser *parser);
size_t csj_padding(void);

// The rest is for formats other than our own: any JSON value, walked as it stands.

// A value of the document that was parsed last; plain memory, valid until the parser's next parse.
typedef struct {
    const void *document;
    size_t place;
} csj_value;

// A walk over the elements of an array, or over the members of an object.
typedef struct {
    csj_value at;
    csj_value end;
} csj_walk;

// Parses one value of any type, which then is `*root`. The text must be readable for csj_padding() bytes past its end.
enum csj_error csj_parse_value(csj_parser *parser, const char *text, size_t length, csj_value *root);
// Fills in type, integer, number and text.
void csj_read(csj_value value, csj_member *into);
// A member of an object by its key, the last of equal ones. False without one, and for what is no object.
bool csj_find(csj_value object, const char *key, size_t length, csj_value *found);
// An element of an array by its index. False beyond the end, and for what is no array.
bool csj_element(csj_value array, size_t index, csj_value *found);
// A walk over an array or an object; over anything else an empty one.
csj_walk csj_begin(csj_value value);
// The next element; of an object its key too, else `*name` is NULL. False at the end.
bool csj_next(csj_walk *walk, csj_value *found, const char **name, size_t *name_length);
// The value as compact JSON, in the parser's memory until the next call.
const char *csj_compact(csj_parser *parser, csj_value value, size_t *length);

#ifdef __cplusplus
}
#endif
#endif

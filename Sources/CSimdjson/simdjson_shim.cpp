#include "CSimdjson.h"

#include <simdjson.h>

#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// A line's members are copied out of simdjson's tape into a flat array once, so that the Swift side walks plain memory.
// Fields are iterated, never looked up: of two equal keys both come out, in their order, and the reader takes the last.

struct csj_parser {
    simdjson::dom::parser dom;
    std::vector<csj_member> members;
    std::vector<csj_member> children;
    std::string compact;

    explicit csj_parser(size_t capacity) : dom(capacity) {}
};

namespace {

struct Name {
    std::string_view text;
    csj_key key;
};

constexpr Name names[] = {
    {"ts", CSJ_KEY_TS}, {"actor", CSJ_KEY_ACTOR}, {"event", CSJ_KEY_EVENT}, {"role", CSJ_KEY_ROLE}, {"vc", CSJ_KEY_VC},
    {"id", CSJ_KEY_ID}, {"item", CSJ_KEY_ITEM}, {"causes", CSJ_KEY_CAUSES}, {"endpoint", CSJ_KEY_ENDPOINT},
    {"plan", CSJ_KEY_PLAN}, {"active", CSJ_KEY_ACTIVE}, {"replaces", CSJ_KEY_REPLACES}, {"commit", CSJ_KEY_COMMIT},
    {"store", CSJ_KEY_STORE}, {"records", CSJ_KEY_RECORDS}, {"outcome", CSJ_KEY_OUTCOME}, {"error", CSJ_KEY_ERROR},
    {"attempt", CSJ_KEY_ATTEMPT}, {"queue", CSJ_KEY_QUEUE}, {"depth", CSJ_KEY_DEPTH}, {"oldest_ms", CSJ_KEY_OLDEST_MS},
    {"latency_ms", CSJ_KEY_LATENCY_MS}, {"arrived", CSJ_KEY_ARRIVED}, {"completed", CSJ_KEY_COMPLETED},
    {"failed", CSJ_KEY_FAILED}, {"arrived_total", CSJ_KEY_ARRIVED_TOTAL}, {"completed_total", CSJ_KEY_COMPLETED_TOTAL},
    {"failed_total", CSJ_KEY_FAILED_TOTAL}, {"service", CSJ_KEY_SERVICE}, {"requests", CSJ_KEY_REQUESTS},
    {"errors", CSJ_KEY_ERRORS}, {"throttles", CSJ_KEY_THROTTLES}, {"state", CSJ_KEY_STATE}, {"by", CSJ_KEY_BY},
    {"reason", CSJ_KEY_REASON},
};

// Names by length and first letter: at most two candidates a bucket, so a look-up is one or two comparisons.
struct NameTable {
    const Name *bucket[16][26][2] = {};

    NameTable() {
        for (const Name &name : names) {
            auto &slot = bucket[name.text.size()][name.text[0] - 'a'];
            slot[slot[0] ? 1 : 0] = &name;
        }
    }

    csj_key find(std::string_view text) const {
        if (text.size() < 2 || text.size() > 15) return CSJ_KEY_OTHER;
        unsigned first = static_cast<unsigned char>(text[0]) - 'a';
        if (first >= 26) return CSJ_KEY_OTHER;
        for (const Name *name : bucket[text.size()][first])
            if (name && name->text == text) return name->key;
        return CSJ_KEY_OTHER;
    }
};

const NameTable table;

void fill(csj_member &member, simdjson::dom::element value) {
    using Type = simdjson::dom::element_type;
    switch (value.type()) {
    case Type::NULL_VALUE: member.type = CSJ_NULL; break;
    case Type::BOOL:
        member.type = CSJ_BOOL;
        member.integer = bool(value) ? 1 : 0;
        break;
    case Type::INT64:
        member.type = CSJ_INT;
        member.integer = int64_t(value);
        break;
    case Type::UINT64:
        member.type = CSJ_UINT;
        member.integer = static_cast<int64_t>(uint64_t(value));
        break;
    case Type::DOUBLE:
        member.type = CSJ_DOUBLE;
        member.number = double(value);
        break;
    case Type::STRING: {
        std::string_view text = value;
        member.type = CSJ_STRING;
        member.text = text.data();
        member.text_length = static_cast<uint32_t>(text.size());
        break;
    }
    case Type::ARRAY: member.type = CSJ_ARRAY; break;
    case Type::OBJECT: member.type = CSJ_OBJECT; break;
    }
}

// The elements of `vc` and `causes`, one level deep: nothing else below the top level has a meaning.
void fill_children(csj_parser &parser, csj_member &member, simdjson::dom::element value) {
    member.child = static_cast<uint32_t>(parser.children.size());
    if (member.type == CSJ_OBJECT) {
        for (auto field : simdjson::dom::object(value)) {
            csj_member child{};
            child.name = field.key.data();
            child.name_length = static_cast<uint32_t>(field.key.size());
            fill(child, field.value);
            parser.children.push_back(child);
        }
    } else {
        for (auto element : simdjson::dom::array(value)) {
            csj_member child{};
            fill(child, element);
            parser.children.push_back(child);
        }
    }
    member.child_count = static_cast<uint32_t>(parser.children.size()) - member.child;
}

// simdjson's elements and iterators are a pointer and an index: they cross to C as their bytes.
template <class To, class From> To bytes_as(const From &from) {
    static_assert(sizeof(To) == sizeof(From) && std::is_trivially_copyable<To>::value &&
                  std::is_trivially_copyable<From>::value);
    To to;
    std::memcpy(static_cast<void *>(&to), &from, sizeof(To));
    return to;
}

simdjson::dom::element element(csj_value value) { return bytes_as<simdjson::dom::element>(value); }

simdjson::error_code parse(csj_parser *parser, const char *text, size_t length, simdjson::dom::element &document) {
    return parser->dom.parse(text, length, false).get(document);
}

csj_error error(simdjson::error_code code) {
    switch (code) {
    case simdjson::SUCCESS: return CSJ_OK;
    case simdjson::UTF8_ERROR: return CSJ_UTF8;
    case simdjson::NUMBER_ERROR: return CSJ_NUMBER;
    case simdjson::DEPTH_ERROR: return CSJ_DEPTH;
    case simdjson::MEMALLOC:
    case simdjson::CAPACITY: return CSJ_MEMORY;
    default: return CSJ_SYNTAX;
    }
}

}  // namespace

extern "C" {

csj_parser *csj_create(size_t capacity, size_t depth) {
    csj_parser *parser = new (std::nothrow) csj_parser(capacity);
    // Memory for usual lines; simdjson grows it, up to `capacity`, when a longer one comes.
    if (parser && parser->dom.allocate(capacity < 16384 ? capacity : 16384, depth) != simdjson::SUCCESS) {
        delete parser;
        return nullptr;
    }
    return parser;
}

void csj_destroy(csj_parser *parser) { delete parser; }

enum csj_error csj_parse(csj_parser *parser, const char *line, size_t length) {
    parser->members.clear();
    parser->children.clear();
    simdjson::dom::element document;
    csj_error fault = error(parse(parser, line, length, document));
    if (fault != CSJ_OK) return fault;
    simdjson::dom::object object;
    if (document.get(object) != simdjson::SUCCESS) return CSJ_NOT_AN_OBJECT;
    for (auto field : object) {
        csj_member member{};
        member.name = field.key.data();
        member.name_length = static_cast<uint32_t>(field.key.size());
        member.key = table.find(field.key);
        fill(member, field.value);
        if ((member.key == CSJ_KEY_VC && member.type == CSJ_OBJECT) || (member.key == CSJ_KEY_CAUSES && member.type == CSJ_ARRAY))
            fill_children(*parser, member, field.value);
        parser->members.push_back(member);
    }
    return CSJ_OK;
}

const csj_member *csj_members(const csj_parser *parser, size_t *count) {
    *count = parser->members.size();
    return parser->members.data();
}

const csj_member *csj_children(const csj_parser *parser) { return parser->children.data(); }

enum csj_error csj_parse_value(csj_parser *parser, const char *text, size_t length, csj_value *root) {
    simdjson::dom::element document;
    csj_error fault = error(parse(parser, text, length, document));
    if (fault == CSJ_OK) *root = bytes_as<csj_value>(document);
    return fault;
}

void csj_read(csj_value value, csj_member *into) { fill(*into, element(value)); }

bool csj_find(csj_value object, const char *key, size_t length, csj_value *found) {
    simdjson::dom::object members;
    if (element(object).get(members) != simdjson::SUCCESS) return false;
    bool is_found = false;
    std::string_view name(key, length);
    for (auto field = members.begin(); field != members.end(); ++field) {
        if (field.key_length() != length || field.key() != name) continue;
        *found = bytes_as<csj_value>(field.value());
        is_found = true;
    }
    return is_found;
}

bool csj_element(csj_value array, size_t index, csj_value *found) {
    simdjson::dom::array elements;
    if (element(array).get(elements) != simdjson::SUCCESS) return false;
    for (auto one : elements) {
        if (index-- > 0) continue;
        *found = bytes_as<csj_value>(one);
        return true;
    }
    return false;
}

csj_walk csj_begin(csj_value value) {
    simdjson::dom::element whole = element(value);
    simdjson::dom::array elements;
    if (whole.get(elements) == simdjson::SUCCESS)
        return {bytes_as<csj_value>(elements.begin()), bytes_as<csj_value>(elements.end())};
    simdjson::dom::object members;
    if (whole.get(members) == simdjson::SUCCESS)
        return {bytes_as<csj_value>(members.begin()), bytes_as<csj_value>(members.end())};
    return {value, value};
}

bool csj_next(csj_walk *walk, csj_value *found, const char **name, size_t *name_length) {
    if (walk->at.place >= walk->end.place) return false;
    // Only the iterator's type tells whether keys stand between the values: the end of an object looks at its brace.
    const auto *document = static_cast<const simdjson::dom::document *>(walk->at.document);
    char close = char(document->tape[walk->end.place] >> 56);
    if (close == '}') {
        auto field = bytes_as<simdjson::dom::object::iterator>(walk->at);
        std::string_view key = field.key();
        *name = key.data();
        *name_length = key.size();
        *found = bytes_as<csj_value>(field.value());
        walk->at = bytes_as<csj_value>(++field);
    } else {
        auto one = bytes_as<simdjson::dom::array::iterator>(walk->at);
        *name = nullptr;
        *name_length = 0;
        *found = bytes_as<csj_value>(*one);
        walk->at = bytes_as<csj_value>(++one);
    }
    return true;
}

const char *csj_compact(csj_parser *parser, csj_value value, size_t *length) {
    parser->compact = simdjson::minify(element(value));
    *length = parser->compact.size();
    return parser->compact.c_str();
}

size_t csj_padding(void) { return simdjson::SIMDJSON_PADDING; }

}  // extern "C"

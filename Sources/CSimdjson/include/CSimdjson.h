#ifndef CSIMDJSON_H
#define CSIMDJSON_H
// The C face of simdjson's DOM parser; filled in with the record decoder.
#endif

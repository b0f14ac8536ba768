// What Swift has no word for: has the memory around an address brought near. It is never read, so any address will do.
static inline void prefetch_memory(const void *address) { __builtin_prefetch(address); }

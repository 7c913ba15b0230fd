#pragma once

#include <stdint.h>

/// Stack frames kept of one allocation; the innermost ones.
#define MARTINET_TRACE_DEPTH 48

/// What the counter writes down. It only ever grows; readers take differences.
struct martinet_allocations {
    /// Calls of malloc, calloc, realloc, aligned_alloc, memalign and posix_memalign, by all threads.
    uint64_t allocations;
    /// Bytes they asked for.
    uint64_t bytes;
    /// Calls of free with an address; a realloc of an address frees it as well.
    uint64_t frees;
    /// Set by a reader: not zero keeps the stack of each allocation, as long as there is room.
    uint32_t tracing;
    /// Stacks there is room for behind this struct; set by who makes the file.
    uint32_t capacity;
    /// Stacks asked for so far; more than `capacity` means that the rest is lost.
    uint64_t traced;
};

/// The counts of this process.
const struct martinet_allocations *martinet_allocations_now(void);

#ifndef MARTINET_CRE2_H
#define MARTINET_CRE2_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled RE2 pattern; immutable and safe to use from any thread.
typedef struct cre2_pattern cre2_pattern;

/// A capture group of a match: byte offset and length in the subject; offset -1 when the group took no part.
typedef struct {
    long offset;
    long length;
} cre2_group;

/// Compiles `pattern` (UTF-8). Returns NULL when memory is exhausted; otherwise see `cre2_error`.
/// `max_mem` bounds the program and its caches, in bytes.
cre2_pattern *cre2_compile(const char *pattern, size_t length, bool case_sensitive, long max_mem);

/// NULL when the pattern is usable, else why not; valid as long as the pattern.
const char *cre2_error(const cre2_pattern *pattern);

/// Number of capture groups, the whole match not counted.
int cre2_group_count(const cre2_pattern *pattern);

/// Index of the named group, or -1.
int cre2_group_index(const cre2_pattern *pattern, const char *name, size_t length);

/// Searches `subject` from byte `start`. `anchored` demands a match at `start`. Fills `count` groups, the whole match first.
bool cre2_match(
    const cre2_pattern *pattern, const char *subject, size_t length, size_t start, bool anchored, cre2_group *groups, int count);

void cre2_free(cre2_pattern *pattern);

#ifdef __cplusplus
}
#endif

#endif

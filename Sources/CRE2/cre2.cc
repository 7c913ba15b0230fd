// A C face for RE2, because Swift imports C without a bridging mode that would spread to every module.
#include "cre2.h"

#include <re2/re2.h>

#include <new>
#include <string>
#include <vector>

struct cre2_pattern {
    re2::RE2 re;
    cre2_pattern(re2::StringPiece text, const re2::RE2::Options &options) : re(text, options) {}
};

cre2_pattern *cre2_compile(const char *pattern, size_t length, bool case_sensitive, long max_mem) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(case_sensitive);
    if (max_mem > 0) options.set_max_mem(max_mem);
    return new (std::nothrow) cre2_pattern(re2::StringPiece(pattern, length), options);
}

const char *cre2_error(const cre2_pattern *pattern) {
    return pattern->re.ok() ? nullptr : pattern->re.error().c_str();
}

int cre2_group_count(const cre2_pattern *pattern) { return pattern->re.NumberOfCapturingGroups(); }

int cre2_group_index(const cre2_pattern *pattern, const char *name, size_t length) {
    const auto &groups = pattern->re.NamedCapturingGroups();
    auto found = groups.find(std::string(name, length));
    return found == groups.end() ? -1 : found->second;
}

bool cre2_match(
    const cre2_pattern *pattern, const char *subject, size_t length, size_t start, bool anchored, cre2_group *groups, int count) {
    re2::StringPiece text(subject, length);
    re2::RE2::Anchor anchor = anchored ? re2::RE2::ANCHOR_START : re2::RE2::UNANCHORED;
    if (count <= 0) return pattern->re.Match(text, start, length, anchor, nullptr, 0);
    // Up to sixteen groups fit on the stack, which covers every pattern seen in practice.
    re2::StringPiece local[16];
    std::vector<re2::StringPiece> heap;
    re2::StringPiece *found = local;
    if (count > 16) {
        heap.resize(count);
        found = heap.data();
    }
    if (!pattern->re.Match(text, start, length, anchor, found, count)) return false;
    for (int i = 0; i < count; i++) {
        groups[i].offset = found[i].data() == nullptr ? -1 : found[i].data() - subject;
        groups[i].length = found[i].data() == nullptr ? 0 : static_cast<long>(found[i].size());
    }
    return true;
}

void cre2_free(cre2_pattern *pattern) { delete pattern; }

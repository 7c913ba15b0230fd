// Counts allocations by standing in front of glibc's allocator: linked into a program, or loaded before it with LD_PRELOAD.
//
// With MARTINET_ALLOCATIONS=FILE the counts are kept in that file, mapped and shared, so that another process reads them
// while this one works. The file starts with `struct martinet_allocations`; room behind it takes stacks.

#define _GNU_SOURCE
#include "CAllocationCounter.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// glibc's own entry points; taking them by name needs no dlsym, which would allocate.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static struct martinet_allocations own;
static struct martinet_allocations *counts = &own;
/// Not zero while this thread takes a stack: what that allocates is not the program's.
static __thread int taking __attribute__((tls_model("initial-exec")));

const struct martinet_allocations *martinet_allocations_now(void) { return counts; }

static void keep_stack(void) {
    uint64_t index = __atomic_fetch_add(&counts->traced, 1, __ATOMIC_RELAXED);
    if (index >= counts->capacity) return;
    void **stack = (void **)(counts + 1) + index * MARTINET_TRACE_DEPTH;
    taking = 1;
    int depth = backtrace(stack, MARTINET_TRACE_DEPTH);
    taking = 0;
    if (depth < MARTINET_TRACE_DEPTH) stack[depth] = NULL;
}

static void count(size_t size) {
    if (taking) return;
    __atomic_fetch_add(&counts->allocations, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&counts->bytes, size, __ATOMIC_RELAXED);
    if (counts->tracing) keep_stack();
}

static void count_free(const void *address) {
    if (address && !taking) __atomic_fetch_add(&counts->frees, 1, __ATOMIC_RELAXED);
}

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *address, size_t size) {
    count(size);
    count_free(address);
    return __libc_realloc(address, size);
}

void *memalign(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **address, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1))) return EINVAL;
    void *memory = memalign(alignment, size);
    if (!memory) return ENOMEM;
    *address = memory;
    return 0;
}

void free(void *address) {
    count_free(address);
    __libc_free(address);
}

/// Moves the counts into the file of MARTINET_ALLOCATIONS; a file that cannot be mapped ends the process, for a count of
/// nothing would look like a success.
__attribute__((constructor)) static void share(void) {
    const char *path = getenv("MARTINET_ALLOCATIONS");
    if (!path) return;
    struct stat status;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0 || (size_t)status.st_size < sizeof own) _exit(120);
    void *memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED) _exit(120);
    // The first call loads the unwinder.
    void *frame;
    taking = 1;
    backtrace(&frame, 1);
    taking = 0;
    counts = memory;
}

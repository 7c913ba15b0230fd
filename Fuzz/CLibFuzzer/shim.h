#ifndef MARTINET_CLIBFUZZER_H
#define MARTINET_CLIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer as a library (https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library): reads the command line, then
/// calls `input` with one input after the other. Returns the exit status of the process.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*input)(const uint8_t *bytes, size_t length));

#endif

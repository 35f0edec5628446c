// How much memory the C library keeps for itself.
#include "CPosix.h"

#include <limits.h>
#include <malloc.h>

void cp_memory_keep(size_t bytes) {
#ifdef M_TRIM_THRESHOLD
    mallopt(M_TRIM_THRESHOLD, bytes < INT_MAX ? (int)bytes : INT_MAX);
#else
    (void)bytes;
#endif
}

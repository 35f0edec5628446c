// Delays every flush of a file by $FLUSH_MS, as a slow disk does. A library to be loaded before others; compiled by mesh.py.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_for_disk(void) {
    const char *milliseconds = getenv("FLUSH_MS");
    if (milliseconds) usleep(1000 * (unsigned)atoi(milliseconds));
}

int fsync(int descriptor) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    wait_for_disk();
    return real(descriptor);
}

int fdatasync(int descriptor) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    wait_for_disk();
    return real(descriptor);
}

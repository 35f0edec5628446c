// The command line as the loader hands it to whatever runs before `main`.
#include "CPosix.h"

static char **words;

__attribute__((constructor)) static void note(int count, char **arguments) {
    (void)count;
    words = arguments;
}

char *const *cp_arguments(void) { return words; }

#include "CLibpq.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#if defined(__APPLE__)
static const char library[] = "libpq.5.dylib";
#else
static const char library[] = "libpq.so.5";
#endif

static struct pq_api api;
static bool is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    // Never closed: threads of its own libraries may outlive us.
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return;
    bool has_all = true;
    // A pointer to a function is got as one to data, as POSIX has it.
#define LOAD(name)                                                          \
    {                                                                       \
        void *found = dlsym(handle, #name);                                 \
        has_all = has_all && found;                                         \
        *(void **)&api.name = found;                                        \
    }
    PQ_FUNCTIONS(LOAD)
#undef LOAD
    is_loaded = has_all;
}

const struct pq_api *pq_load(void) {
    pthread_once(&once, load);
    return is_loaded ? &api : NULL;
}

static void say_nothing(void *context, const char *message) {
    (void)context;
    (void)message;
}

void pq_silence(const struct pq_api *functions, PGconn *connection) {
    functions->PQsetNoticeProcessor(connection, say_nothing, NULL);
}

int pq_wait(int socket, int milliseconds) {
    struct pollfd place = {.fd = socket, .events = POLLIN};
    int count = poll(&place, 1, milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -1;
    return count > 0 ? 1 : 0;
}

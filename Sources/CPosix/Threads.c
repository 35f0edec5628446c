// Whether threads can be had: found out by starting as many as are asked for, where a limit is near enough to ask.
#include "CPosix.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/// What one person or one container runs comes nowhere near so many.
enum { plenty = 4096 };

/// Whether a file names a number below that; `max` is none.
static bool names_few(const char *folder, const char *group) {
    char path[4200];
    snprintf(path, sizeof path, "%s%s/pids.max", folder, group);
    FILE *file = fopen(path, "re");
    if (!file) return false;
    long most;
    bool few = fscanf(file, "%ld", &most) == 1 && most < plenty;
    fclose(file);
    return few;
}

/// Whether a control group or one of those it is in, up to the outermost that a container sees, counts few.
static bool path_is_small(const char *folder, char *path) {
    // The outermost is the folder itself, also where its path is `/`.
    for (char *end = strcmp(path, "/") ? path + strlen(path) : path; end; end = strrchr(path, '/')) {
        *end = 0;
        if (names_few(folder, path)) return true;
    }
    return false;
}

/// Whether the control groups that count our processes allow few. A container may see its own under another path: then the
/// outermost is what it has.
static bool group_is_small(void) {
    FILE *groups = fopen("/proc/self/cgroup", "re");
    if (!groups) return false;
    char line[4096];
    bool few = false;
    while (!few && fgets(line, sizeof line, groups)) {
        // NUMBER:CONTROLLERS:/PATH, without controllers where one tree has them all.
        line[strcspn(line, "\n")] = 0;
        char *controllers = strchr(line, ':');
        char *path = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!path) continue;
        if (path == controllers + 1) {
            few = path_is_small("/sys/fs/cgroup", path + 1);
        } else if (!strncmp(controllers, ":pids:", 6)) {
            few = path_is_small("/sys/fs/cgroup/pids", path + 1);
        }
    }
    fclose(groups);
    return few;
}

bool cp_threads_are_scarce(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NPROC, &limit) || limit.rlim_cur < plenty) return true;
    // Each has a stack.
    if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur != RLIM_INFINITY) return true;
    if (getrlimit(RLIMIT_DATA, &limit) || limit.rlim_cur != RLIM_INFINITY) return true;
    return group_is_small();
}

static void *wait_for_end(void *lock) {
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
    return NULL;
}

int cp_threads_check(int count) {
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_t *threads = calloc((size_t)count, sizeof *threads);
    if (!threads) return ENOMEM;
    int made = 0, error = 0;
    // Held while they start, so that all of them live at once.
    pthread_mutex_lock(&lock);
    while (made < count && !error) {
        error = pthread_create(&threads[made], NULL, wait_for_end, &lock);
        if (!error) made++;
    }
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < made; i++) pthread_join(threads[i], NULL);
    free(threads);
    return error;
}

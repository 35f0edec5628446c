// Whether threads can be had, found out by starting as many as are asked for.
#include "CPosix.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

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

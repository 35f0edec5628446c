// Signal handlers that do next to nothing: write a byte, or pass the signal on.
#define _GNU_SOURCE
#include "CPosix.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

enum { MOST = 16 };

static struct {
    volatile int fd;
    size_t count;
    int signals[MOST];
    struct sigaction found[MOST];
} watch;

static void on_watched(int signal) {
    int saved = errno;
    unsigned char byte = (unsigned char)signal;
    // A full pipe loses the byte: sixty thousand signals wait to be read already.
    if (write(watch.fd, &byte, 1) < 0) errno = saved;
    errno = saved;
}

static void install(void) {
    struct sigaction action = {.sa_handler = on_watched, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < watch.count; i++) {
        if (watch.found[i].sa_handler != SIG_IGN) sigaction(watch.signals[i], &action, NULL);
    }
}

static void uninstall(void) {
    for (size_t i = 0; i < watch.count; i++) sigaction(watch.signals[i], &watch.found[i], NULL);
}

int cp_signals_watch(const int *signals, size_t count, int fd) {
    if (watch.count || count > MOST) return EBUSY;
    for (size_t i = 0; i < count; i++) {
        watch.signals[i] = signals[i];
        if (sigaction(signals[i], NULL, &watch.found[i]) != 0) return errno;
    }
    watch.fd = fd;
    watch.count = count;
    install();
    return 0;
}

void cp_signals_unwatch(void) {
    uninstall();
    watch.count = 0;
}

bool cp_can_stop(void) {
    for (size_t i = 0; i < watch.count; i++) {
        if (watch.signals[i] == SIGTSTP) return watch.found[i].sa_handler != SIG_IGN;
    }
    return true;
}

void cp_stop_others(void) {
    // Ours is dropped: we stop by ourselves, and at a moment that we know.
    struct sigaction ignore = {.sa_handler = SIG_IGN}, found;
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGTSTP, &ignore, &found);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &found, NULL);
}

bool cp_is_ignored(int signal) {
    struct sigaction found;
    return sigaction(signal, NULL, &found) == 0 && found.sa_handler == SIG_IGN;
}

void cp_stop_self(void) {
    uninstall();
    sigset_t open, before;
    sigemptyset(&open);
    for (size_t i = 0; i < watch.count; i++) sigaddset(&open, watch.signals[i]);
    // The thread that serves the main actor may block all signals. With these open it takes a SIGTERM that came while
    // we were stopped before it comes back from `raise`.
    pthread_sigmask(SIG_UNBLOCK, &open, &before);
    raise(SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    install();
}

void cp_await_foreground(int fd) {
    sigset_t open, before;
    sigemptyset(&open);
    sigaddset(&open, SIGTTOU);
    // Threads that block the signal are why the terminal itself cannot stop us: it answers EIO instead.
    pthread_sigmask(SIG_UNBLOCK, &open, &before);
    for (int tries = 0; tries < 8; tries++) {
        pid_t front = tcgetpgrp(fd);
        if (front < 0 || front == getpgrp() || cp_is_ignored(SIGTTOU)) break;
        kill(0, SIGTTOU);
        // Another thread may take it: the stop is to come before the next look, not between that and the next signal.
        usleep(10000);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static struct {
    volatile sig_atomic_t pid;
    volatile sig_atomic_t early;
    struct sigaction found[4];
} forward;

static const int held[4] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

static void on_forwarded(int signal) {
    int saved = errno;
    if (forward.pid > 0) kill((pid_t)forward.pid, signal);
    else forward.early = signal;
    errno = saved;
}

void cp_forward_begin(void) {
    forward.pid = 0;
    forward.early = 0;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction pass = {.sa_handler = on_forwarded, .sa_flags = SA_RESTART};
    sigemptyset(&ignore.sa_mask);
    sigemptyset(&pass.sa_mask);
    for (int i = 0; i < 4; i++) sigaction(held[i], i < 2 ? &ignore : &pass, &forward.found[i]);
}

void cp_forward_to(pid_t pid) {
    forward.pid = pid;
    if (pid > 0 && forward.early) kill(pid, forward.early);
}

void cp_forward_end(void) {
    for (int i = 0; i < 4; i++) sigaction(held[i], &forward.found[i], NULL);
    forward.pid = 0;
}

// The crash guard: a process that dies gives the terminal back first. Only async-signal-safe calls in the handler.
// It never chains to a handler it found: a backtracer that waits for a key would keep the terminal.
#define _GNU_SOURCE
#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const int fatal[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGSYS, SIGQUIT};

static struct {
    volatile sig_atomic_t armed;
    int fd;
    struct termios found;
    char reset[512];
    size_t length;
} guard;

static void die_by_default(int signal) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, signal);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    raise(signal);
}

static void restore(void) {
    // Another thread may be in the middle of a frame: the rest of it must not land on the screen that is given back.
    int terminal = dup(guard.fd), nowhere = open("/dev/null", O_WRONLY);
    if (terminal < 0) terminal = guard.fd;
    else if (nowhere >= 0) dup2(nowhere, STDOUT_FILENO);
    for (size_t sent = 0; sent < guard.length;) {
        // A terminal that takes nothing for two seconds keeps its screen; it must not keep us.
        struct pollfd sink = {.fd = terminal, .events = POLLOUT};
        if (poll(&sink, 1, 2000) == 0) break;
        ssize_t n = write(terminal, guard.reset + sent, guard.length - sent);
        if (n > 0) sent += (size_t)n;
        else if (n < 0 && errno != EINTR) break;
    }
    tcsetattr(terminal, TCSANOW, &guard.found);
    tcflush(terminal, TCIFLUSH);
}

static void on_fatal(int signal) {
    if (guard.armed) {
        guard.armed = 0;
        restore();
    }
    die_by_default(signal);
}

void cp_guard_install(void) {
    static bool installed;
    if (installed) return;
    installed = true;
    // A stack of its own, so that an overflow of the stack is survived long enough.
    stack_t stack = {.ss_size = 64 * 1024};
    stack.ss_sp = malloc(stack.ss_size);
    if (stack.ss_sp) sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGTTOU); // or tcsetattr would stop us in the background
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) {
        struct sigaction was;
        // An ignored SIGQUIT stays ignored: so a shell starts its background jobs.
        if (fatal[i] == SIGQUIT && sigaction(SIGQUIT, NULL, &was) == 0 && was.sa_handler == SIG_IGN) continue;
        sigaction(fatal[i], &action, NULL);
    }
}

void cp_guard_arm(int fd, const struct termios *found, const void *reset, size_t length) {
    guard.armed = 0;
    guard.fd = fd;
    guard.found = *found;
    guard.length = length < sizeof guard.reset ? length : sizeof guard.reset;
    memcpy(guard.reset, reset, guard.length);
    cp_guard_install();
    guard.armed = 1;
}

void cp_guard_disarm(void) {
    guard.armed = 0;
}

_Noreturn void cp_guard_give_up(int signal) {
    if (guard.armed) {
        guard.armed = 0;
        tcsetattr(guard.fd, TCSANOW, &guard.found);
        tcflush(guard.fd, TCIOFLUSH);
    }
    cp_die_of(signal);
}

_Noreturn void cp_die_of(int signal) {
    switch (signal) {
        case SIGQUIT: case SIGILL: case SIGTRAP: case SIGABRT: case SIGSEGV: case SIGBUS: case SIGFPE: case SIGSYS: break;
        default: setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    }
    die_by_default(signal);
    _exit(128 + signal);
}

// Children with a clean slate, how they end, and who a process is.
#define _GNU_SOURCE
#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void clear_nonblocking(void) {
    for (int fd = 0; fd <= 2; fd++) {
        int flags = fcntl(fd, F_GETFL);
        if (flags >= 0 && (flags & O_NONBLOCK)) fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    }
}

// A child of either kind. `log` is -1 for one that keeps our session and streams.
static int spawn(
    pid_t *pid, const char *path, char *const argv[], char *const envp[], const char *directory, int log) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_init(&attributes);
    if (error) return error;
    error = posix_spawn_file_actions_init(&actions);
    if (error) {
        posix_spawnattr_destroy(&attributes);
        return error;
    }
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (log < 0 ? 0 : POSIX_SPAWN_SETSID));
    if (directory) error = posix_spawn_file_actions_addchdir_np(&actions, directory);
    for (int fd = 1; !error && log >= 0 && fd <= 2; fd++) error = posix_spawn_file_actions_adddup2(&actions, log, fd);
    if (!error && log >= 0) error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (!error) error = posix_spawn(pid, path, &actions, &attributes, argv, envp);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

int cp_spawn(pid_t *pid, const char *path, char *const argv[], char *const envp[], const char *directory) {
    clear_nonblocking();
    return spawn(pid, path, argv, envp, directory, -1);
}

int cp_spawn_detached(
    pid_t *pid, const char *path, char *const argv[], char *const envp[], const char *directory, int log) {
    return spawn(pid, path, argv, envp, directory, log);
}

int cp_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0 ? 0 : errno;
}

int cp_wait(pid_t pid, bool now, struct cp_change *change) {
    siginfo_t info = {0};
    int options = WEXITED | WSTOPPED | WCONTINUED | WNOWAIT | (now ? WNOHANG : 0);
    int status, failed;
    // Looked at first, taken after: between the two the pid is still the child's, and nothing more is forwarded to it.
    do failed = waitid(P_PID, (id_t)pid, &info, options);
    while (failed && errno == EINTR);
    if (failed) return -1;
    if (info.si_pid != pid) return 0;
    if (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED) cp_forward_to(0);
    pid_t taken = waitpid(pid, &status, WUNTRACED | WCONTINUED | WNOHANG);
    if (taken != pid) return taken < 0 ? -1 : 0;
    if (WIFEXITED(status)) *change = (struct cp_change){CP_EXITED, WEXITSTATUS(status)};
    else if (WIFSIGNALED(status)) *change = (struct cp_change){CP_SIGNALED, WTERMSIG(status)};
    else if (WIFSTOPPED(status)) *change = (struct cp_change){CP_STOPPED, WSTOPSIG(status)};
    else *change = (struct cp_change){CP_CONTINUED, SIGCONT};
    return 1;
}

int64_t cp_process_start(pid_t pid) {
    char path[32], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return kill(pid, 0) != 0 && errno == ESRCH ? -1 : 0;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    if (length <= 0) return -1; // it ended between the two calls
    text[length] = 0;
    // "pid (name) state ppid …": the name may hold anything, so from its last parenthesis on. The start is field 22.
    char *rest = strrchr(text, ')');
    char state = 0;
    long long start = 0;
    if (!rest) return 0;
    if (sscanf(rest + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lld", &state, &start) != 2)
        return 0;
    return state == 'Z' || state == 'X' ? -1 : start;
}

int64_t cp_boot_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// The linker's own: from the first page to the end of the code nothing is ever written.
extern char __executable_start[] __attribute__((weak)), etext[] __attribute__((weak));

void cp_give_back_code(void) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = (uintptr_t)__executable_start & ~(page - 1), end = (uintptr_t)etext & ~(page - 1);
    if (start && end > start) madvise((void *)start, end - start, MADV_DONTNEED);
}

// A program in a pseudo-terminal of its own, by posix_spawn: nothing of a test's many threads is copied, and the master
// leaks into no other child.
#define _GNU_SOURCE
#include "CVTerm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int open_pair(int *master, char *slave, size_t length, int rows, int columns) {
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return errno;
    // The size comes before the program, which may ask for it first of all.
    if (grantpt(fd) || unlockpt(fd) || ptsname_r(fd, slave, length) || cv_set_size(fd, rows, columns)
        || fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK)) {
        int error = errno;
        close(fd);
        return error;
    }
    *master = fd;
    return 0;
}

int cv_spawn(pid_t *pid, int *master, const char *path, char *const argv[], char *const envp[], const char *directory,
             int rows, int columns) {
    char slave[128];
    int fd = -1;
    int error = open_pair(&fd, slave, sizeof slave, rows, columns);
    if (error) return error;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    // The first terminal that a leader of a session opens becomes its controlling terminal.
    posix_spawn_file_actions_addopen(&actions, 0, slave, O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions, 0, 1);
    posix_spawn_file_actions_adddup2(&actions, 0, 2);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (directory) posix_spawn_file_actions_addchdir_np(&actions, directory);
    error = posix_spawn(pid, path, &actions, &attributes, argv, envp);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error) close(fd);
    else *master = fd;
    return error;
}

int cv_set_size(int master, int rows, int columns) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    return ioctl(master, TIOCSWINSZ, &size);
}

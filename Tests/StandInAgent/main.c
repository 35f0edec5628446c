// A stand-in for the agent: writes down, as JSON into the file named by STANDIN_REPORT, how it was started; then does
// what STANDIN_DO says. To record one more thing: a line in `report`, a field of `AgentReport` in TestSupport.
//
// STANDIN_DO: "exit N" (default: exit 0), "signal N" (dies of it), "echo" (reads a line from the terminal and prints it),
// "wait" (until SIGTERM, SIGHUP or SIGINT, which it prints, then exits 5; tells each SIGCONT, and the
// size of the window whenever it changes), "stop N" (stops itself by signal N, prints
// "went on", then waits), "crash" (sets modes like a full-screen program and dies of SIGKILL).
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

extern char **environ;

static void string(FILE *out, const char *text) {
    fputc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == '"' || c == '\\') fprintf(out, "\\u%04x", c);
        else fputc(c, out);
    }
    fputc('"', out);
}

static void descriptors(FILE *out) {
    DIR *directory = opendir("/proc/self/fd");
    bool first = true;
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        int fd = atoi(entry->d_name);
        if (entry->d_name[0] == '.' || fd == dirfd(directory) || fd == fileno(out)) continue;
        fprintf(out, "%s%d", first ? "" : ",", fd);
        first = false;
    }
    if (directory) closedir(directory);
}

static void signals(FILE *out) {
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    fputs("\"blocked\":[", out);
    bool first = true;
    for (int n = 1; n < NSIG; n++) {
        if (sigismember(&mask, n) != 1) continue;
        fprintf(out, "%s%d", first ? "" : ",", n);
        first = false;
    }
    fputs("],\"ignored\":[", out);
    first = true;
    for (int n = 1; n < NSIG; n++) {
        struct sigaction action;
        if (sigaction(n, NULL, &action) != 0 || action.sa_handler != SIG_IGN) continue;
        fprintf(out, "%s%d", first ? "" : ",", n);
        first = false;
    }
    fputs("],", out);
}

static void report(const char *path, char **argv) {
    char temporary[4096], directory[4096];
    snprintf(temporary, sizeof temporary, "%s.new", path);
    FILE *out = fopen(temporary, "w");
    if (!out) return;
    fputs("{\"arguments\":[", out);
    for (int i = 1; argv[i]; i++) {
        if (i > 1) fputc(',', out);
        string(out, argv[i]);
    }
    fputs("],\"environment\":[", out);
    for (char **variable = environ; *variable; variable++) {
        if (variable != environ) fputc(',', out);
        string(out, *variable);
    }
    fputs("],\"descriptors\":[", out);
    descriptors(out);
    fputs("],", out);
    signals(out);
    struct termios modes = {0};
    int pending = 0;
    bool is_terminal = tcgetattr(0, &modes) == 0;
    ioctl(0, FIONREAD, &pending);
    fprintf(out, "\"is_terminal\":%s,\"is_cooked\":%s,", is_terminal ? "true" : "false",
            (modes.c_lflag & ICANON) && (modes.c_lflag & ECHO) && (modes.c_lflag & ISIG) ? "true" : "false");
    fprintf(out, "\"non_blocking\":%s,", (fcntl(0, F_GETFL) | fcntl(1, F_GETFL)) & O_NONBLOCK ? "true" : "false");
    fprintf(out, "\"pid\":%d,\"parent\":%d,\"group\":%d,\"foreground\":%d,\"pending_input\":%d,", getpid(), getppid(),
            getpgrp(), tcgetpgrp(0), pending);
    fputs("\"directory\":", out);
    string(out, getcwd(directory, sizeof directory) ? directory : "");
    fputs("}\n", out);
    fclose(out);
    rename(temporary, path);
}

static void say_and_exit(int signal) {
    char text[] = "agent got 00\n";
    text[10] = (char)('0' + signal / 10);
    text[11] = (char)('0' + signal % 10);
    if (write(1, text, sizeof text - 1) < 0) _exit(6);
    _exit(5);
}

static void say_continued(int signal) {
    static char text[] = "agent continued 0\n";
    text[16]++;
    (void)signal;
    if (write(1, text, sizeof text - 1) < 0) _exit(6);
}

static void say_size(int signal) {
    struct winsize size = {0};
    char text[64];
    ioctl(0, TIOCGWINSZ, &size);
    int length = snprintf(text, sizeof text, "agent has %dx%d\n", size.ws_col, size.ws_row);
    (void)signal;
    if (write(1, text, (size_t)length) < 0) _exit(6);
}

static void wait_for_signal(void) {
    signal(SIGWINCH, say_size);
    signal(SIGCONT, say_continued);
    signal(SIGTERM, say_and_exit);
    signal(SIGHUP, say_and_exit);
    signal(SIGINT, say_and_exit);
    puts("agent waits");
    fflush(stdout);
    for (;;) pause();
}

int main(int argc, char **argv) {
    // Asked which it is, before it is launched: no Claude Code, and nothing to be written down.
    if (argc == 2 && !strcmp(argv[1], "--version")) return puts("stand-in 1.0") < 0;
    const char *path = getenv("STANDIN_REPORT");
    const char *todo = getenv("STANDIN_DO");
    if (path) report(path, argv);
    if (!todo) return 0;
    int number = atoi(strchr(todo, ' ') ? strchr(todo, ' ') : "0");
    if (!strncmp(todo, "exit", 4)) return number;
    if (!strncmp(todo, "signal", 6)) {
        signal(number, SIG_DFL); // some are caught by the runtime that comes with the build
        raise(number);
    }
    if (!strcmp(todo, "wait")) wait_for_signal();
    if (!strncmp(todo, "stop", 4)) {
        raise(number);
        puts("agent went on");
        wait_for_signal();
    }
    if (!strcmp(todo, "echo")) {
        char line[256];
        puts("agent reads");
        fflush(stdout);
        if (fgets(line, sizeof line, stdin)) printf("agent read %s", line);
        return 0;
    }
    if (!strcmp(todo, "crash")) {
        struct termios modes;
        tcgetattr(0, &modes);
        cfmakeraw(&modes);
        tcsetattr(0, TCSANOW, &modes);
        fputs("\033[?1049h\033[?25l\033[?2004h\033[?1004h\033[?1000h\033[?2031h\033[>1u\033[>4;2magent crashes", stdout);
        fflush(stdout);
        raise(SIGKILL);
    }
    return 0;
}

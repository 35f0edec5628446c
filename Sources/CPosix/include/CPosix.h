// What Swift cannot say to the system itself: signal handlers, a child with a clean slate, and the crash guard.
// One file of C for each section below. To add a function: declare it here with what it promises, `cp_` before its name.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

// Crash guard (Guard.c)

/// From now on ILL TRAP ABRT SEGV BUS FPE SYS and QUIT kill, at once and whoever else would have handled them: a
/// backtracer that a runtime brings would wait for a key at our terminal.
void cp_guard_install(void);

/// Until `cp_guard_disarm` those signals first put the terminal `fd` back: they write `reset`, set the termios
/// `found`, drop pending input. Copies both; `reset` holds 512 bytes at most.
void cp_guard_arm(int fd, const struct termios *found, const void *reset, size_t length);

/// The terminal is no longer ours: those signals only kill.
void cp_guard_disarm(void);

/// Ends the process by `signal` though the terminal takes no output: its modes are put back, its screen cannot be.
_Noreturn void cp_guard_give_up(int signal);

/// Ends the process by `signal`, whatever its disposition and mask, so that its parent sees that signal. No core file
/// is written unless the signal is one that asks for it.
_Noreturn void cp_die_of(int signal);

// Signals as bytes (Signals.c)

/// Each of `signals` writes its number as one byte to `fd` (non-blocking), unless it was ignored when we started.
/// One watch at a time. Returns 0 or an errno.
int cp_signals_watch(const int *signals, size_t count, int fd);

/// Puts back what `cp_signals_watch` found. Harmless when nothing is watched.
void cp_signals_unwatch(void);

/// Whether a stop has an effect: not where SIGTSTP was ignored when we started.
bool cp_can_stop(void);

/// Stops what else is in our process group, as a terminal's Ctrl-Z does.
void cp_stop_others(void);

/// Whether `signal` is ignored now: before anything of ours was set, as whoever started us wants it.
bool cp_is_ignored(int signal);

/// Stops this process as Ctrl-Z would, and returns when it goes on. While it is stopped the watched signals have the
/// dispositions that were found, so that `kill %1` works. In an orphaned process group it returns at once.
void cp_stop_self(void);

/// Stops this job, as the terminal `fd` stops one that reads from the background, until it is in the foreground. Returns
/// at once where `fd` is no terminal of ours, or where stopping has no effect.
void cp_await_foreground(int fd);

/// SIGINT and SIGQUIT are ignored, SIGTERM and SIGHUP passed on to the process named by `cp_forward_to`; one that comes
/// before it is named is kept for it.
void cp_forward_begin(void);
void cp_forward_to(pid_t pid);
/// Back to what was found, where no process came of it. After one has ended all four are left without effect.
void cp_forward_end(void);

// Processes (Process.c)

/// The words this process was started with, the program's name first, NULL behind the last; the system's own, from the
/// stack, so that no /proc is needed.
char *const *cp_arguments(void);

/// Starts `path` in the process group and terminal of this one: signal mask empty, dispositions default, no descriptor
/// from 3 up, O_NONBLOCK off on 0 to 2. `directory` may be NULL. Returns 0 or an errno.
int cp_spawn(pid_t *pid, const char *path, char *const argv[], char *const envp[], const char *directory);

/// A pipe for words to oneself: not inherited by children, neither end ever waits. Returns 0 or an errno.
int cp_pipe(int ends[2]);

/// Starts `path` in a session of its own, so that it outlives this terminal: nothing to read, output and errors to `log`,
/// signal mask empty, dispositions default, no other descriptor. Returns 0 or an errno.
int cp_spawn_detached(
    pid_t *pid, const char *path, char *const argv[], char *const envp[], const char *directory, int log);

enum cp_change_kind { CP_EXITED, CP_SIGNALED, CP_STOPPED, CP_CONTINUED };

struct cp_change {
    enum cp_change_kind kind;
    int value; // the exit code, or the signal
};

/// Waits until the child `pid` ends, stops or goes on. With `now`, does not wait. Returns 1 with a change, 0 when there
/// is none yet, -1 when there is no such child. An ended child is no longer forwarded to before it is reaped.
int cp_wait(pid_t pid, bool now, struct cp_change *change);

/// When `pid` started, in clock ticks after boot: with the pid it names one process. -1 when there is none (or only its
/// zombie), 0 when that cannot be found out.
int64_t cp_process_start(pid_t pid);

/// Whether a limit is so near that threads may not be had: of processes, of memory, or of the control group we are in.
bool cp_threads_are_scarce(void);

/// Starts `count` threads that live at the same time, and ends them. Returns 0, or an errno where they cannot be had.
int cp_threads_check(int count);

/// The C library gives memory back to the system only where more than `bytes` of it are free in one place (Memory.c).
void cp_memory_keep(size_t bytes);

/// Nanoseconds since boot, sleep included (CLOCK_BOOTTIME).
int64_t cp_boot_nanoseconds(void);

/// Gives the pages of this program's own code back to the system, which maps those that are used again.
void cp_give_back_code(void);

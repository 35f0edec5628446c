// A terminal emulator (libvterm) and a pseudo-terminal to run a program in, for Swift tests.
// To see more of the emulator: a field of `cv_cell` or a function here, filled in CVTerm.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct cv_screen cv_screen;

struct cv_cell {
    uint32_t scalars[6]; // zero-terminated unless full; none in a blank cell
    int width;           // 2 for a wide character; its right half has scalars[0] == UINT32_MAX
    bool bold, underline, reverse;
    int foreground, background; // -1 the terminal's own, 0 to 255 an index, above 0x1000000 | RGB
};

cv_screen *cv_screen_new(int rows, int columns);
void cv_screen_free(cv_screen *screen);
void cv_screen_resize(cv_screen *screen, int rows, int columns);

/// What the program wrote.
void cv_screen_write(cv_screen *screen, const void *bytes, size_t length);

struct cv_cell cv_screen_cell(const cv_screen *screen, int row, int column);
int cv_screen_cursor_row(const cv_screen *screen);
int cv_screen_cursor_column(const cv_screen *screen);
bool cv_screen_cursor_is_visible(const cv_screen *screen);
bool cv_screen_is_alternate(const cv_screen *screen);

/// Starts `path` as the leader of a session of its own, a new pseudo-terminal of this size its controlling terminal and
/// its 0, 1 and 2. `master` does not block and is not inherited. Returns 0 or an errno.
int cv_spawn(pid_t *pid, int *master, const char *path, char *const argv[], char *const envp[], const char *directory,
             int rows, int columns);

/// Tells the terminal behind `master` its new size, which signals its foreground.
int cv_set_size(int master, int rows, int columns);

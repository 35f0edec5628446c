// ncursesw for Swift: its macros and globals behind functions, all of which belong to the main actor.
// To add one: declare it here with CM_MAIN and define it in CNcurses.c; only `Terminal` may import this module.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CM_MAIN __attribute__((swift_attr("@MainActor")))

enum cm_opened {
    CM_OPENED,
    CM_UNKNOWN_TERMINAL,    // terminfo has no entry, or a generic one
    CM_NO_CURSOR_ADDRESSING // it is known, and cannot place its cursor ("dumb")
};

enum cm_attribute { CM_BOLD = 1, CM_UNDERLINE = 2, CM_REVERSE = 4, CM_DIM = 8 };

/// Takes LC_CTYPE from the environment and starts curses on stdin and stdout, for the terminal `name` of terminfo; NULL is
/// that of TERM. LINES and COLUMNS are not asked.
/// Nothing is written before the first `cm_show`. The termios in force when it is called is the one `cm_leave` restores.
CM_MAIN enum cm_opened cm_open(const char *name);

/// Whether LC_CTYPE encodes text as UTF-8. After `cm_open`.
CM_MAIN bool cm_is_utf8(void);

/// Remembers the termios in force as the one to come back to after `cm_leave`.
CM_MAIN void cm_remember_modes(void);

/// Puts the remembered termios back without touching the screen.
CM_MAIN void cm_restore_modes(void);

/// Writes the end of curses: attributes off, main screen, termios as found. The next `cm_show` takes it all back.
CM_MAIN void cm_leave(void);

/// The screen has this many rows and columns now; what it shows is unknown.
CM_MAIN void cm_resize(int height, int width);
CM_MAIN int cm_rows(void);
CM_MAIN int cm_columns(void);

/// Everything is blank (shown by the next `cm_show`).
CM_MAIN void cm_erase(void);

/// What the screen shows is unknown: the next `cm_show` writes all of it.
CM_MAIN void cm_invalidate(void);

/// Puts one cluster of `width` cells (1 or 2): a base and at most 4 zero-width marks. What this locale cannot
/// show in exactly that width becomes `?` and spaces. Never scrolls, not even in the last cell.
CM_MAIN void cm_put(int row, int column, const uint32_t *text, int length, int width, unsigned attributes, int pair);

/// What the row shows is not what it should: the next `cm_show` writes it anew.
CM_MAIN void cm_redraw_row(int row);

/// Brings the screen up to date, the hardware cursor at `row`, `column`.
CM_MAIN void cm_show(int row, int column);

/// Number of colours, 0 when there are none. Starts colour at the first call.
CM_MAIN int cm_colors(void);

/// Whether colour numbers are RGB values (`xterm-direct` and its like).
CM_MAIN bool cm_is_direct_color(void);

/// The pair of these colours, -1 being the terminal's own background; 0 when there is none left.
CM_MAIN int cm_pair(int foreground, int background);

/// The terminfo string `name`, NULL when the terminal has none. Owned by curses.
CM_MAIN const char *cm_capability(const char *name);

/// The terminfo string that places the cursor, its parameters filled in. Valid until the next call.
CM_MAIN const char *cm_place(int row, int column);

/// The terminfo string that chooses a colour for text. Valid until the next call.
CM_MAIN const char *cm_foreground(int color);

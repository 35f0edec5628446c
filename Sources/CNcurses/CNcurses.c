// The shim over ncursesw; what each function is for stands in the header.
#define NCURSES_WIDECHAR 1
#define _GNU_SOURCE
#include "CNcurses.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

// We change no colour of the palette, and a user may have: the string that would put the terminal's own back (`oc`,
// OSC 104) is emptied where curses keeps it, since curses writes it whenever it leaves the screen.
static void keep_palette(void) {
    char *reset = tigetstr("oc");
    if (reset && reset != (char *)-1) *reset = 0;
}

// Numbers and dates keep the C locale: only the encoding is the user's. A locale that is named but not installed (a
// name that came over SSH, a bare container) still says how the terminal reads bytes.
static void use_encoding(void) {
    if (setlocale(LC_CTYPE, "")) return;
    const char *name = getenv("LC_ALL");
    if (!name || !*name) name = getenv("LC_CTYPE");
    if (!name || !*name) name = getenv("LANG");
    if (name && (strcasestr(name, "utf-8") || strcasestr(name, "utf8"))) setlocale(LC_CTYPE, "C.UTF-8");
}

// Each screen of curses has colours of its own to be started: one process may open several, one after the other.
static bool colors_started;

enum cm_opened cm_open(const char *name) {
    use_encoding();
    // `newterm` says no more than "no", and `initscr` would exit: terminfo is asked first. 0: unknown; 1 and a
    // NULL cup: generic or dumb.
    int found = 0;
    if (setupterm(name, STDOUT_FILENO, &found) != OK) return CM_UNKNOWN_TERMINAL;
    if (!cm_capability("cup")) return CM_NO_CURSOR_ADDRESSING;
    use_env(false);
    use_tioctl(true);
    if (!newterm(name, stdout, stdin)) return CM_UNKNOWN_TERMINAL;
    colors_started = false;
    keep_palette();
    typeahead(-1); // An update is never cut short: the input is read elsewhere.
    leaveok(stdscr, false);
    scrollok(stdscr, false);
    return CM_OPENED;
}

bool cm_is_utf8(void) {
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void cm_remember_modes(void) {
    def_prog_mode();
}

void cm_restore_modes(void) {
    reset_prog_mode();
}

void cm_leave(void) {
    endwin();
}

void cm_resize(int height, int width) {
    resizeterm(height, width);
    flushinp(); // resizeterm queues a KEY_RESIZE that nobody will read
}

int cm_rows(void) {
    return LINES;
}

int cm_columns(void) {
    return COLS;
}

void cm_erase(void) {
    werase(stdscr);
}

void cm_invalidate(void) {
    clearok(curscr, true);
}

static attr_t attributes_of(unsigned set) {
    attr_t attributes = A_NORMAL;
    if (set & CM_BOLD) attributes |= A_BOLD;
    if (set & CM_UNDERLINE) attributes |= A_UNDERLINE;
    if (set & CM_REVERSE) attributes |= A_REVERSE;
    if (set & CM_DIM) attributes |= A_DIM;
    return attributes;
}

static void put(int row, int column, const wchar_t *text, unsigned attributes, int pair) {
    cchar_t cell;
    if (setcchar(&cell, text, attributes_of(attributes), (short)pair, NULL) != OK) return;
    // Not add_wch: that advances, and in the last cell it fails.
    mvwadd_wchnstr(stdscr, row, column, &cell, 1);
}

void cm_put(int row, int column, const uint32_t *text, int length, int width, unsigned attributes, int pair) {
    wchar_t buffer[CCHARW_MAX + 1] = {0};
    for (int i = 0; i < length && i < CCHARW_MAX; i++) buffer[i] = (wchar_t)text[i];
    if (length > 0 && wcwidth(buffer[0]) == width && column + width <= COLS) {
        put(row, column, buffer, attributes, pair);
        return;
    }
    for (int i = 0; i < width && column + i < COLS; i++) {
        put(row, column + i, i == 0 && length > 0 ? L"?" : L" ", attributes, pair);
    }
}

void cm_redraw_row(int row) {
    wredrawln(stdscr, row, 1);
}

void cm_show(int row, int column) {
    wmove(stdscr, row, column);
    wnoutrefresh(stdscr);
    doupdate();
}

int cm_colors(void) {
    if (!colors_started) {
        colors_started = true;
        if (has_colors() && start_color() == OK) use_default_colors();
    }
    return has_colors() ? COLORS : 0;
}

bool cm_is_direct_color(void) {
    // The extension "RGB" may be a flag, a number or a string (user_caps(5)).
    if (tigetflag("RGB") > 0 || tigetnum("RGB") > 0) return true;
    return cm_capability("RGB") != NULL;
}

int cm_pair(int foreground, int background) {
    int pair = alloc_pair(foreground, background);
    return pair > 0 ? pair : 0;
}

const char *cm_capability(const char *name) {
    const char *value = tigetstr(name);
    return value == (const char *)-1 ? NULL : value;
}

const char *cm_place(int row, int column) {
    const char *cup = cm_capability("cup");
    return cup ? tiparm(cup, row, column) : NULL;
}

const char *cm_foreground(int color) {
    const char *setaf = cm_capability("setaf");
    return setaf ? tiparm(setaf, color) : NULL;
}

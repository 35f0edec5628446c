// The shim over libvterm; what each function is for stands in the header.
#include "CVTerm.h"

#include <stdlib.h>
#include <vterm.h>

struct cv_screen {
    VTerm *vterm;
    VTermScreen *screen;
    bool cursor_is_visible, is_alternate;
};

static int on_property(VTermProp property, VTermValue *value, void *user) {
    cv_screen *screen = user;
    if (property == VTERM_PROP_CURSORVISIBLE) screen->cursor_is_visible = value->boolean;
    if (property == VTERM_PROP_ALTSCREEN) screen->is_alternate = value->boolean;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

cv_screen *cv_screen_new(int rows, int columns) {
    cv_screen *screen = calloc(1, sizeof *screen);
    if (!screen) return NULL;
    screen->vterm = vterm_new(rows, columns);
    vterm_set_utf8(screen->vterm, 1);
    screen->screen = vterm_obtain_screen(screen->vterm);
    vterm_screen_enable_altscreen(screen->screen, 1);
    vterm_screen_set_callbacks(screen->screen, &callbacks, screen);
    screen->cursor_is_visible = true;
    vterm_screen_reset(screen->screen, 1);
    return screen;
}

void cv_screen_free(cv_screen *screen) {
    if (!screen) return;
    vterm_free(screen->vterm);
    free(screen);
}

void cv_screen_resize(cv_screen *screen, int rows, int columns) {
    vterm_set_size(screen->vterm, rows, columns);
}

void cv_screen_write(cv_screen *screen, const void *bytes, size_t length) {
    vterm_input_write(screen->vterm, bytes, length);
    vterm_screen_flush_damage(screen->screen);
}

static int color_of(const VTermColor *color, bool is_default) {
    if (is_default) return -1;
    if (VTERM_COLOR_IS_INDEXED(color)) return color->indexed.idx;
    return 0x1000000 | color->rgb.red << 16 | color->rgb.green << 8 | color->rgb.blue;
}

struct cv_cell cv_screen_cell(const cv_screen *screen, int row, int column) {
    struct cv_cell result = {.width = 1, .foreground = -1, .background = -1};
    VTermScreenCell cell;
    if (!vterm_screen_get_cell(screen->screen, (VTermPos){row, column}, &cell)) return result;
    for (int i = 0; i < 6; i++) result.scalars[i] = cell.chars[i];
    result.width = cell.width;
    result.bold = cell.attrs.bold;
    result.underline = cell.attrs.underline != 0;
    result.reverse = cell.attrs.reverse;
    result.foreground = color_of(&cell.fg, VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
    result.background = color_of(&cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
    return result;
}

static VTermPos cursor_of(const cv_screen *screen) {
    VTermPos position;
    vterm_state_get_cursorpos(vterm_obtain_state(screen->vterm), &position);
    return position;
}

int cv_screen_cursor_row(const cv_screen *screen) {
    return cursor_of(screen).row;
}

int cv_screen_cursor_column(const cv_screen *screen) {
    return cursor_of(screen).col;
}

bool cv_screen_cursor_is_visible(const cv_screen *screen) {
    return screen->cursor_is_visible;
}

bool cv_screen_is_alternate(const cv_screen *screen) {
    return screen->is_alternate;
}

// The files under assets/, compiled in and found by name.
#pragma once
#include <stddef.h>

/// The bytes of the asset `name` (a path under assets/, as "l10n/en.json") and their count, NULL where there is none.
/// The bytes live as long as the process.
const unsigned char *_Nullable assets_find(const char *_Nonnull name, size_t *_Nonnull length);

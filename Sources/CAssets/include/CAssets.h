// The files under assets/ that the program carries, by their path there ("web/layout.mustache").
#ifndef CASSETS_H
#define CASSETS_H

#include <stddef.h>

/// The bytes of the asset `name` and their number, or NULL. They live as long as the process. In debug builds a folder
/// named by CLAUDEMESH_ASSETS is read instead, each file once.
const unsigned char *_Nullable assets_find(const char *_Nonnull name, size_t *_Nonnull length);

/// Where the JSON object that begins at `start` ends, or `length`.
size_t assets_object_end(const unsigned char *_Nonnull json, size_t start, size_t length);

/// How many assets are compiled in, and the name of each: sorted. Past the end the name is empty.
size_t assets_count(void);
const char *_Nonnull assets_name(size_t index);

#endif

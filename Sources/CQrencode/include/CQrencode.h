// libqrencode behind one function.
#pragma once

#include <stddef.h>

// The most modules a side of a QR code has (version 40).
#define CQRENCODE_MOST 177

// Encodes `text`, and stores its modules row by row in `modules`, 1 for a dark one. `level` is 0 (L) to 3 (H), `version` 1 to
// 40, or 0 for the smallest that fits. Gives the modules of a side, or 0 where it does not fit `version` or `capacity`.
int cqrencode_encode(const char *text, int level, int version, unsigned char *modules, size_t capacity);

// What only C can say to SQLite: an option that its library takes before anything else, and a file with methods of our own.
// One file of C for each section below.
#pragma once

#include <stdint.h>

struct sqlite3;

// The library (Library.c)

/// Before the first connection of the process: SQLite keeps no account of its memory, for which each piece would wait for one
/// lock. Without effect once there is a connection.
void cs_prepare(void);

// The log (Log.c)

/// From now on what `connection` writes to the log of its main database is gathered, and goes to the file at the commit, before
/// anybody looks for it there; a commit does not wait for the disk, a checkpoint does as ever. The connection is in WAL mode,
/// with `synchronous = FULL` and `checkpoint_fullfsync = ON`: by these the two are told apart. Returns a result code of SQLite's.
int cs_log_gather(struct sqlite3 *_Nonnull connection);

/// To be called when a transaction has ended: of one that was taken back something may be gathered still, and another process may
/// write at its place in the file.
void cs_log_drop(struct sqlite3 *_Nonnull connection);

/// Right after a commit of `connection`, whose log is gathered: where it ended in the log, in bytes, or a page before.
int64_t cs_log_end(struct sqlite3 *_Nonnull connection);

/// Where `connection` is the last that is closed, it leaves the log where it is.
void cs_log_keep(struct sqlite3 *_Nonnull connection);

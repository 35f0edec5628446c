// The file of the log: SQLite writes a page and its head each by itself, twice the pages of a transaction; here they go to the
// system together. https://sqlite.org/c3ref/io_methods.html
#include "CSQLite.h"

#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

/// What one connection writes to its log, until it is in the file.
struct gathering {
    /// First: what SQLite's file points at.
    sqlite3_io_methods methods;
    const sqlite3_io_methods *system;
    /// Of the first byte that is not in the file yet.
    sqlite3_int64 offset;
    int count;
    unsigned char bytes[1 << 16];
};

static struct gathering *of(sqlite3_file *file) { return (struct gathering *)(void *)file->pMethods; }

/// What could not be written is no part of the log: SQLite takes the transaction back.
static int write_out(sqlite3_file *file) {
    struct gathering *log = of(file);
    if (log->count == 0) return SQLITE_OK;
    int result = log->system->xWrite(file, log->bytes, log->count, log->offset);
    log->offset += log->count;
    log->count = 0;
    return result;
}

/// Before anything else is asked of the file. An error of another kind, as of a full disk, would end one statement of several.
static int write_before(sqlite3_file *file) { return write_out(file) == SQLITE_OK ? SQLITE_OK : SQLITE_IOERR_WRITE; }

static int log_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    struct gathering *log = of(file);
    if (offset != log->offset + log->count || count > (int)sizeof log->bytes - log->count) {
        int result = write_out(file);
        if (result != SQLITE_OK) return result;
        log->offset = offset;
    }
    if (count > (int)sizeof log->bytes) {
        log->offset += count;
        return log->system->xWrite(file, bytes, count, offset);
    }
    memcpy(log->bytes + log->count, bytes, (size_t)count);
    log->count += count;
    return SQLITE_OK;
}

/// A commit asks for `SQLITE_SYNC_NORMAL`; a checkpoint, and the head of a log that begins anew, for `SQLITE_SYNC_FULL`.
static int log_sync(sqlite3_file *file, int flags) {
    int result = write_out(file);
    if (result != SQLITE_OK || (flags & 0x0f) == SQLITE_SYNC_NORMAL) return result;
    return of(file)->system->xSync(file, flags);
}

static int log_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    int result = write_before(file);
    return result == SQLITE_OK ? of(file)->system->xRead(file, bytes, count, offset) : result;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int result = write_before(file);
    return result == SQLITE_OK ? of(file)->system->xTruncate(file, size) : result;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size) {
    int result = write_before(file);
    return result == SQLITE_OK ? of(file)->system->xFileSize(file, size) : result;
}

static int log_close(sqlite3_file *file) {
    struct gathering *log = of(file);
    file->pMethods = log->system;
    sqlite3_free(log);
    return file->pMethods->xClose(file);
}

/// Null where there is none: SQLite opens it with the first transaction.
static sqlite3_file *log_of(struct sqlite3 *connection) {
    sqlite3_file *file = NULL;
    int result = sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    return result == SQLITE_OK && file != NULL && file->pMethods != NULL ? file : NULL;
}

int cs_log_gather(struct sqlite3 *connection) {
    sqlite3_file *file = log_of(connection);
    if (file == NULL || file->pMethods->xWrite == log_write) return SQLITE_MISUSE;
    // Otherwise a commit writes on after it asked for the disk.
    if (!(file->pMethods->xDeviceCharacteristics(file) & SQLITE_IOCAP_POWERSAFE_OVERWRITE)) return SQLITE_MISUSE;
    struct gathering *log = sqlite3_malloc64(sizeof *log);
    if (log == NULL) return SQLITE_NOMEM;
    log->system = file->pMethods;
    log->methods = *file->pMethods;
    log->methods.xWrite = log_write;
    log->methods.xSync = log_sync;
    log->methods.xRead = log_read;
    log->methods.xTruncate = log_truncate;
    log->methods.xFileSize = log_size;
    log->methods.xClose = log_close;
    log->offset = 0;
    log->count = 0;
    file->pMethods = &log->methods;
    return SQLITE_OK;
}

static struct gathering *gathering_of(struct sqlite3 *connection) {
    sqlite3_file *file = log_of(connection);
    return file != NULL && file->pMethods->xWrite == log_write ? of(file) : NULL;
}

void cs_log_drop(struct sqlite3 *connection) {
    struct gathering *log = gathering_of(connection);
    if (log != NULL) log->count = 0;
}

int64_t cs_log_end(struct sqlite3 *connection) {
    struct gathering *log = gathering_of(connection);
    return log != NULL ? log->offset + log->count : 0;
}

void cs_log_keep(struct sqlite3 *connection) { sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL); }

// PostgreSQL's client library, loaded at its first use and never linked: it brings twenty-two libraries more, which nobody is to
// pay for who uses no PostgreSQL. Its header gives the types, so that each function is checked against its signature.
// To add a function: its line in the table.
#pragma once

#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

#define PQ_FUNCTIONS(X) \
    X(PQbackendPID) X(PQclear) X(PQcmdTuples) X(PQconnectdbParams) X(PQconninfoFree) X(PQconninfoParse) \
    X(PQconsumeInput) X(PQenterPipelineMode) X(PQerrorMessage) X(PQexec) X(PQexecPrepared) X(PQexitPipelineMode) \
    X(PQfinish) X(PQflush) X(PQfname) X(PQfreemem) X(PQftype) X(PQgetResult) X(PQgetisnull) X(PQgetlength) X(PQgetvalue) \
    X(PQnfields) X(PQnotifies) X(PQntuples) X(PQpipelineSync) X(PQprepare) X(PQresultErrorField) X(PQresultStatus) \
    X(PQsendQueryPrepared) X(PQsetNoticeProcessor) X(PQsocket) X(PQstatus) X(PQtransactionStatus)

#define PQ_DECLARE(name) __typeof__(name) *_Nonnull name;
struct pq_api {
    PQ_FUNCTIONS(PQ_DECLARE)
};
#undef PQ_DECLARE

/// The library's functions, loaded once; NULL where this machine does not have it, or has one without all of them.
const struct pq_api *_Nullable pq_load(void);

/// Lets no notice of the server's be written to our standard error.
void pq_silence(const struct pq_api *_Nonnull api, PGconn *_Nonnull connection);

/// Waits until something can be read from `socket`, `milliseconds` at most: 1 where it can, 0 where the time is over, -1 where the
/// socket is no longer one.
int pq_wait(int socket, int milliseconds);

-- What happened, in a chain: each row's hash is SHA-256 of the former row's hash and this row's body, as stored.
-- The head says how long the chain is and is sealed with the server's key, so that a cut end shows.

CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    seal TEXT NOT NULL
);

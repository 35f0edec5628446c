-- Answers to requests that carried an Idempotency-Key, kept for a day. Never with a token in them.

CREATE TABLE idempotency_keys (
    scope TEXT NOT NULL,
    key_digest TEXT NOT NULL,
    request_digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (scope, key_digest)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

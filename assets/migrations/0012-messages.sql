-- What was said, and what became of it at each mailbox. Number, row and receipts are written in one transaction.

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    mesh_id TEXT NOT NULL REFERENCES meshes (id),
    seq BIGINT NOT NULL,
    change BIGINT NOT NULL,
    from_kind TEXT NOT NULL CHECK (from_kind IN ('peer', 'member', 'key')),
    -- session, account or key
    from_id TEXT NOT NULL,
    -- the member behind it
    from_account TEXT NOT NULL REFERENCES accounts (id),
    -- as it was then
    from_address TEXT NOT NULL,
    from_name TEXT NOT NULL,
    from_handle TEXT,
    from_role TEXT,
    from_host TEXT,
    -- as written: a JSON list of texts
    to_written TEXT NOT NULL,
    topic_id TEXT REFERENCES topics (id),
    body TEXT NOT NULL,
    body_version BIGINT NOT NULL DEFAULT 1,
    reply_to TEXT,
    parent TEXT,
    chain TEXT NOT NULL,
    hop BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('direct', 'answer', 'mention', 'broadcast', 'topic')),
    client_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    written_at BIGINT,
    expires_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    -- to @self: gone after a minute, in no list
    is_probe BIGINT NOT NULL DEFAULT 0,
    -- for the same answer to the same request: JSON of whom it did not reach; null mostly
    left_out TEXT
);

CREATE UNIQUE INDEX messages_seq ON messages (mesh_id, seq);
CREATE UNIQUE INDEX messages_once ON messages (from_id, mesh_id, client_id, from_kind);
CREATE INDEX messages_of_account ON messages (from_account, mesh_id, seq);
CREATE INDEX messages_of_topic ON messages (topic_id, seq) WHERE topic_id IS NOT NULL;
CREATE INDEX messages_of_topic_by_change ON messages (topic_id, change) WHERE topic_id IS NOT NULL;
CREATE INDEX messages_of_chain ON messages (chain);
CREATE INDEX messages_by_age ON messages (created_at);

CREATE TABLE receipts (
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    mailbox_kind TEXT NOT NULL CHECK (mailbox_kind IN ('peer', 'member', 'key')),
    mailbox_id TEXT NOT NULL,
    mesh_id TEXT NOT NULL,
    -- the message's number
    seq BIGINT NOT NULL,
    -- of its last step
    change BIGINT NOT NULL,
    -- the member behind the mailbox
    account_id TEXT NOT NULL REFERENCES accounts (id),
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    from_kind TEXT NOT NULL,
    from_id TEXT NOT NULL,
    from_account TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'fetched', 'handed', 'seen', 'acknowledged', 'held', 'refused',
        'expired', 'withdrawn')),
    lane TEXT,
    -- why it reached this mailbox
    reason TEXT NOT NULL CHECK (reason IN ('direct', 'answer', 'mention', 'broadcast', 'topic')),
    -- why it is in its state, where that needs saying
    note TEXT,
    -- 1: it may wake the peer, decided when it was taken
    wakes BIGINT NOT NULL DEFAULT 0,
    -- the role of `@ROLE` by which it came, of which the others' end when one has answered
    role_asked TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- of the last step, and of each
    at BIGINT NOT NULL,
    queued_at BIGINT,
    fetched_at BIGINT,
    handed_at BIGINT,
    seen_at BIGINT,
    acknowledged_at BIGINT,
    held_at BIGINT,
    refused_at BIGINT,
    expired_at BIGINT,
    withdrawn_at BIGINT,
    PRIMARY KEY (message_id, mailbox_kind, mailbox_id)
);

-- what a mailbox got, what a sender is told, what a member sees of all theirs
CREATE INDEX receipts_of_mailbox ON receipts (mailbox_id, change);
CREATE INDEX receipts_of_sender ON receipts (from_id, change);
CREATE INDEX receipts_of_account ON receipts (account_id, mesh_id, seq);
CREATE INDEX receipts_between ON receipts (mailbox_id, from_id, created_at);
CREATE INDEX receipts_waiting ON receipts (expires_at) WHERE state IN ('queued', 'fetched', 'handed', 'held');
CREATE INDEX receipts_held ON receipts (account_id, mesh_id, from_account) WHERE state = 'held';

-- That somebody was named in a topic.
CREATE TABLE notifications (
    id TEXT PRIMARY KEY,
    mesh_id TEXT NOT NULL REFERENCES meshes (id),
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    mailbox_kind TEXT NOT NULL CHECK (mailbox_kind IN ('peer', 'member')),
    mailbox_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    topic_id TEXT NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT
);

CREATE INDEX notifications_of_account ON notifications (account_id, mesh_id, seq);
CREATE INDEX notifications_of_mailbox ON notifications (mailbox_id, seq);

-- Signing a machine in. The device code is kept as a digest, the user code as an HMAC under the server's key;
-- the token does not exist before the claim.

CREATE TABLE device_codes (
    id TEXT PRIMARY KEY,
    device_digest TEXT NOT NULL UNIQUE,
    user_code_hmac TEXT NOT NULL UNIQUE,
    device_name TEXT NOT NULL,
    device_os TEXT NOT NULL,
    device_arch TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'claimed', 'withdrawn')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- the account that was first shown the card
    owner_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    decided_at BIGINT,
    claim_until BIGINT
);

CREATE INDEX device_codes_by_end ON device_codes (expires_at);

-- The codes that can still be approved or claimed, counted whenever one is asked for: those that are over are in neither.

CREATE INDEX device_codes_pending ON device_codes (state, expires_at) WHERE state = 'pending';
CREATE INDEX device_codes_approved ON device_codes (state, claim_until) WHERE state = 'approved';

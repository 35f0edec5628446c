-- Found when messages were written in bulk: who has answered what, and who was woken lately.

CREATE INDEX messages_of_answer ON messages (reply_to, from_id) WHERE reply_to IS NOT NULL;
CREATE INDEX receipts_woken ON receipts (mailbox_id, created_at) WHERE wakes = 1;

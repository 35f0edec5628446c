-- Most messages begin a chain that nothing follows: only what follows is looked up by it.
DROP INDEX messages_of_chain;
CREATE INDEX messages_of_chain ON messages (chain) WHERE chain <> id;

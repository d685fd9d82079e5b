-- The boot of the newest heartbeat that was let in. With it the gateway lets in what merely follows, and that is nearly
-- everything, by looking at the agent's row only. Null until an agent's next heartbeat goes the long way once.
ALTER TABLE agent ADD COLUMN seen_boot_id uuid;

-- Every heartbeat writes the row and touches no indexed column: with room in its page the new version stays there and
-- no index is written.
ALTER TABLE agent SET (fillfactor = 70);

-- A changed heartbeat writes a figure of its set and one of each mailbox that changed, no indexed column: with room in
-- their pages the new versions stay there and no index is written.
ALTER TABLE backup_set SET (fillfactor = 80);
ALTER TABLE backup_set_mailbox SET (fillfactor = 80);

-- What a set backs up of public folders; null when it backs up none.
ALTER TABLE backup_set
    ADD COLUMN public_folder_items bigint,
    ADD COLUMN public_folder_bytes bigint;

-- Agents send their status only when it changed, and what they said of public folders before was not kept. Without its
-- hash each is asked for its status once more. The owner, too, is under row-level security, so it is lifted for this.
ALTER TABLE agent NO FORCE ROW LEVEL SECURITY;
UPDATE agent SET status_hash = NULL;
ALTER TABLE agent FORCE ROW LEVEL SECURITY;

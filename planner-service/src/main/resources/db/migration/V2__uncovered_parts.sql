-- What a set backs up of public folders; null when it backs up none.
ALTER TABLE backup_set
    ADD COLUMN public_folder_items bigint,
    ADD COLUMN public_folder_bytes bigint;

-- Parts of a set that no EWS backup has.
ALTER TABLE verdict ADD COLUMN uncovered jsonb NOT NULL DEFAULT '[]';

-- When a command was given up whose success came after all.
ALTER TABLE command ADD COLUMN given_up_at timestamptz;

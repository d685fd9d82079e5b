-- What a set backs up of public folders; null when it backs up none.
ALTER TABLE backup_set
    ADD COLUMN public_folder_items bigint,
    ADD COLUMN public_folder_bytes bigint;

-- What Get-Mailbox and Get-MailboxStatistics say of a mailbox, by an operator's import; a set's figures stand beside them.
ALTER TABLE mailbox
    ADD COLUMN items             bigint,
    ADD COLUMN bytes             bigint,
    ADD COLUMN recoverable_items bigint,
    ADD COLUMN recoverable_bytes bigint,
    ADD COLUMN archive_guid      uuid,
    ADD COLUMN archive_items     bigint,
    ADD COLUMN archive_bytes     bigint,
    ADD COLUMN measured_at       timestamptz;
CREATE INDEX mailbox_archive ON mailbox (tenant, archive_guid) WHERE archive_guid IS NOT NULL;

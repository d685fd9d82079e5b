-- A job that stores something with every turn and yet always fails at the same place of its mailbox has to end, too.

ALTER TABLE job
    -- Where the last turn that came to a folder failed: the folder's key and its newest stored sync page, or 'end'.
    ADD COLUMN place          text,
    -- Turns in a row that did not get beyond it.
    ADD COLUMN turns_at_place integer NOT NULL DEFAULT 0;

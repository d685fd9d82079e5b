-- Being asked to stop is no attempt at a job: how often that happened is counted apart.
ALTER TABLE verification ADD COLUMN handed_back integer NOT NULL DEFAULT 0;

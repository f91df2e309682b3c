-- What the row's labels were made of, kept for whoever understands: the next message is added to it, and a long conversation is
-- not read again for each. Null, or of an earlier episode: to be read from the messages.
alter table conversations add column understood_from jsonb;

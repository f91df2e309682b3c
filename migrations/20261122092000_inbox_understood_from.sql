-- What the row's labels were made of, kept for whoever understands: the next message is added to it, and a long conversation is
-- not read again for each. Null, or of an earlier episode: to be read from the messages.
alter table conversations add column understood_from jsonb;
-- What waits to be understood: from before there was anybody to understand it, or from a bad hour.
create index conversations_to_understand on conversations (workspace_id, id)
  where understood_from is null and state <> 'resolved' and last_inbound_seq > 0;

-- What is understood of a conversation, repeated on its row for the list. Written by whoever understands, through the inbox.
alter table conversations
  add column language text,
  add column sentiment text,
  add column intent text,
  add column topic text,
  -- The gravest first.
  add column severity text[] not null default '{}',
  -- Somebody may hurt themselves.
  add column needs_person boolean not null default false,
  add column toxic boolean not null default false,
  -- Conversations that say the same, named after the first of them.
  add column group_id uuid,
  -- How far reasons move it ahead: priority_at is where it stands with them, and priority_at plus this is since when it waits.
  add column priority_minutes integer not null default 0;
create index conversations_of_group on conversations (workspace_id, group_id, state, id) where group_id is not null;

-- Where personal data stands in the body: a list of { kind, start, end } in UTF-16 units; null where there is none.
alter table messages add column personal jsonb;

alter table conversation_links drop constraint conversation_links_reason_check,
  add constraint conversation_links_reason_check
    check (reason in ('answered_there', 'answers', 'split_off', 'split_from', 'moved', 'same_matter'));

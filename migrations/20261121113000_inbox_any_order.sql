-- Deliveries come in any order. What is said of a message, or of a thread, before it is here waits in this table and is
-- applied with it; what never meets its message is forgotten after some days.
create table early_changes (
  workspace_id uuid not null,
  connection_id uuid not null,
  -- The platform's name of the message or of the thread.
  name text not null,
  -- 'edit', 'receipt.delivered' …, 'thread': of each the newest is kept.
  kind text not null,
  event jsonb not null,
  at timestamptz not null,
  received_at timestamptz not null,
  primary key (workspace_id, connection_id, name, kind),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade
);
create index early_changes_by_age on early_changes (workspace_id, received_at);
call own_rows_only('early_changes');
grant select, insert, update, delete on early_changes to rapport_app;

-- Facts of an older message must not write over those of a newer one that came first.
alter table conversations add column facts_at timestamptz;

-- "Nobody's" is a view that people live in, so it needs a value that an index can find.
alter table conversations
  add column assignee_key uuid not null generated always as (coalesce(assignee_id, '00000000-0000-0000-0000-000000000000'::uuid)) stored;
drop index conversations_by_assignee_activity;
drop index conversations_by_assignee_priority;
create index conversations_by_assignee_activity on conversations (workspace_id, assignee_key, state, last_activity_at desc, id desc);
create index conversations_by_assignee_priority on conversations (workspace_id, assignee_key, state, priority_at, id);

-- Which connections have something to send is asked all the time; a paused one with a long queue must not hide the others.
create index outbound_by_connection on outbound (workspace_id, connection_id, next_at) where state <> 'settled';
-- What the conversation was before the answer, for whoever takes it back.
alter table outbound add column before jsonb;

-- A message taken back stands in front of what was begun since, so a draft may be longer than one message.
alter table drafts drop constraint drafts_body_check, add constraint drafts_body_check check (length(body) <= 300000);

-- A thread with one customer. The row carries all that a list row shows, so that a page of the list is one index scan.
create table conversations (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  connection_id uuid not null,
  channel text not null,
  -- The thread's name on the platform.
  thread_key text not null,
  customer_id uuid not null,
  customer_name text,
  subject text,
  visibility text not null check (visibility in ('public', 'private')),
  shape text not null check (shape in ('line', 'tree')),
  state text not null default 'open' check (state in ('open', 'waiting', 'snoozed', 'resolved')),
  snoozed_until timestamptz,
  assignee_id uuid,
  team_id uuid,
  -- "No team" needs a value that an index can find.
  team_key uuid not null generated always as (coalesce(team_id, '00000000-0000-0000-0000-000000000000'::uuid)) stored,
  label_ids uuid[] not null default '{}',
  episode integer not null default 1,
  preview text not null default '',
  preview_kind text not null default 'in',
  message_count integer not null default 0,
  last_seq bigint not null default 0,
  last_inbound_seq bigint not null default 0,
  first_message_at timestamptz not null,
  last_activity_at timestamptz not null,
  last_inbound_at timestamptz,
  -- Since when the customer waits for us; null when it is not our turn.
  waiting_since timestamptz,
  -- Ageing is linear and equal for all, so a stored moment orders rows for good: smaller is sooner.
  priority_at timestamptz not null,
  priority_reasons jsonb not null default '[]',
  due_at timestamptz,
  promise_state text,
  resolved_at timestamptz,
  -- What the platform said about the thread that decides whether it can still be answered (windows, locks).
  thread_facts jsonb not null default '{}',
  failed_count integer not null default 0,
  version integer not null default 1,
  is_sample boolean not null default false,
  primary key (workspace_id, id),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id),
  foreign key (workspace_id, assignee_id) references members (workspace_id, id),
  foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create unique index conversations_by_thread on conversations (workspace_id, connection_id, thread_key);
create index conversations_by_activity on conversations (workspace_id, state, last_activity_at desc, id desc);
create index conversations_by_priority on conversations (workspace_id, state, priority_at, id);
create index conversations_by_team_activity on conversations (workspace_id, team_key, state, last_activity_at desc, id desc);
create index conversations_by_team_priority on conversations (workspace_id, team_key, state, priority_at, id);
create index conversations_by_assignee_activity on conversations (workspace_id, assignee_id, state, last_activity_at desc, id desc)
  where assignee_id is not null;
create index conversations_by_assignee_priority on conversations (workspace_id, assignee_id, state, priority_at, id)
  where assignee_id is not null;
create index conversations_of_customer on conversations (workspace_id, customer_id, last_activity_at desc);
create index conversations_snoozed on conversations (snoozed_until) where state = 'snoozed';
call own_rows_only('conversations');
grant select, insert, update on conversations to rapport_app;

-- From open to resolved: the unit of every measure.
create table episodes (
  workspace_id uuid not null,
  conversation_id uuid not null,
  episode integer not null,
  opened_at timestamptz not null,
  opened_by text not null,
  first_answer_at timestamptz,
  first_answer_by uuid,
  resolved_at timestamptz,
  resolved_by uuid,
  primary key (workspace_id, conversation_id, episode),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
call own_rows_only('episodes');
grant select, insert, update on episodes to rapport_app;

create table messages (
  workspace_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  seq bigint generated always as identity,
  episode integer not null,
  kind text not null check (kind in ('in', 'out', 'note', 'system')),
  visibility text not null check (visibility in ('public', 'private')),
  parent_id uuid,
  identity_id uuid,
  member_id uuid,
  author_name text,
  external_id text,
  subject text,
  body text not null,
  -- What else the channel knows of this message (its own schema), never needed to list or order.
  data jsonb not null default '{}',
  attachment_count smallint not null default 0,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  edited_at timestamptz,
  deleted_at timestamptz,
  -- Outbound only.
  state text check (state in ('held', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown', 'cancelled')),
  state_reason text,
  state_at timestamptz,
  is_sample boolean not null default false,
  primary key (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, identity_id) references identities (workspace_id, id),
  check ((kind = 'out') = (state is not null))
);
create index messages_in_order on messages (workspace_id, conversation_id, occurred_at, seq);
create index messages_unsettled on messages (workspace_id, state_at desc, id desc) where state in ('failed', 'unknown');
create index messages_by_parent on messages (workspace_id, parent_id) where parent_id is not null;
call own_rows_only('messages');
grant select, insert, update on messages to rapport_app;

-- Exactly once in effect, and the deleted stays deleted.
create table message_keys (
  workspace_id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  -- Null where only the deletion is known: it came before the message did.
  message_id uuid,
  conversation_id uuid,
  deleted_at timestamptz,
  primary key (workspace_id, connection_id, external_id)
);
call own_rows_only('message_keys');
grant select, insert, update on message_keys to rapport_app;

create table conversation_participants (
  workspace_id uuid not null,
  conversation_id uuid not null,
  identity_id uuid not null,
  joined_at timestamptz not null,
  primary key (workspace_id, conversation_id, identity_id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, identity_id) references identities (workspace_id, id)
);
create index conversation_participants_by_identity on conversation_participants (workspace_id, identity_id);
call own_rows_only('conversation_participants');
grant select, insert on conversation_participants to rapport_app;

create table attachments (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  -- Null while it waits in a draft.
  message_id uuid,
  conversation_id uuid,
  uploaded_by uuid,
  position smallint not null default 0,
  name text not null,
  media_type text not null,
  kind text not null check (kind in ('image', 'audio', 'video', 'pdf', 'text', 'other')),
  size bigint not null,
  sha256 text,
  width integer,
  height integer,
  alt text,
  state text not null check (state in ('stored', 'fetching', 'failed')),
  state_reason text,
  source_url text,
  next_at timestamptz,
  attempts smallint not null default 0,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
create index attachments_of_message on attachments (workspace_id, message_id, position) where message_id is not null;
create index attachments_to_fetch on attachments (next_at) where state = 'fetching';
call own_rows_only('attachments');
create policy system on attachments for select to rapport_system using (true);
grant select, insert, update, delete on attachments to rapport_app;
grant select on attachments to rapport_system;

-- What is on its way out. A row lives from composer to a settled state.
create table outbound (
  workspace_id uuid not null,
  message_id uuid not null,
  seq bigint generated always as identity,
  connection_id uuid not null,
  conversation_id uuid not null,
  state text not null check (state in ('held', 'queued', 'sending', 'unknown', 'settled')),
  -- Earliest moment of the next step: end of undo time, next try, end of the sender's lease.
  next_at timestamptz not null,
  attempts smallint not null default 0,
  -- Our name for it on the platform, fixed before the first try.
  platform_identity text,
  created_at timestamptz not null,
  primary key (workspace_id, message_id),
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
create index outbound_due on outbound (next_at) where state <> 'settled';
create index outbound_of_conversation on outbound (workspace_id, conversation_id, seq) where state <> 'settled';
call own_rows_only('outbound');
create policy system on outbound for select to rapport_system using (true);
grant select, insert, update on outbound to rapport_app;
grant select on outbound to rapport_system;

-- Anything that keeps a message from leaving. Upper domains place and lift them; inbox only looks.
create table send_gates (
  workspace_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  message_id uuid,
  kind text not null,
  reason text not null,
  state text not null default 'closed' check (state in ('closed', 'lifted')),
  placed_at timestamptz not null,
  placed_by uuid,
  lifted_at timestamptz,
  lifted_by uuid,
  primary key (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
create index send_gates_closed on send_gates (workspace_id, conversation_id) where state = 'closed';
call own_rows_only('send_gates');
grant select, insert, update on send_gates to rapport_app;

create table drafts (
  workspace_id uuid not null,
  conversation_id uuid not null,
  member_id uuid not null,
  kind text not null check (kind in ('out', 'note')),
  body text not null check (length(body) <= 100000),
  parent_id uuid,
  attachment_ids uuid[] not null default '{}',
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (workspace_id, conversation_id, member_id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
create index drafts_of_member on drafts (workspace_id, member_id, updated_at desc);
call own_rows_only('drafts');
grant select, insert, update, delete on drafts to rapport_app;

create table conversation_reads (
  workspace_id uuid not null,
  member_id uuid not null,
  conversation_id uuid not null,
  read_seq bigint not null,
  read_at timestamptz not null,
  primary key (workspace_id, member_id, conversation_id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
call own_rows_only('conversation_reads');
grant select, insert, update on conversation_reads to rapport_app;

create table labels (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 40),
  tone text not null default 'plain' check (tone in ('plain', 'pine', 'amber', 'blue', 'plum', 'red')),
  created_at timestamptz not null,
  archived_at timestamptz,
  primary key (workspace_id, id)
);
create unique index labels_by_name on labels (workspace_id, lower(name)) where archived_at is null;
call own_rows_only('labels');
grant select, insert, update on labels to rapport_app;

-- Repeats the conversation's state and order, so that a rare label and a common one page alike.
create table conversation_labels (
  workspace_id uuid not null,
  label_id uuid not null,
  conversation_id uuid not null,
  state text not null,
  last_activity_at timestamptz not null,
  priority_at timestamptz not null,
  primary key (workspace_id, conversation_id, label_id),
  foreign key (workspace_id, label_id) references labels (workspace_id, id) on delete cascade,
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
create index conversation_labels_by_activity on conversation_labels (workspace_id, label_id, state, last_activity_at desc, conversation_id desc);
create index conversation_labels_by_priority on conversation_labels (workspace_id, label_id, state, priority_at, conversation_id);
call own_rows_only('conversation_labels');
grant select, insert, update, delete on conversation_labels to rapport_app;

-- Narrow, so that words are found without dragging texts along. A bucket is a week: a common word is looked for week by
-- week from the newest, a rare one costs one probe a week.
create table message_search (
  workspace_id uuid not null,
  bucket integer not null,
  message_id uuid not null,
  conversation_id uuid not null,
  occurred_at timestamptz not null,
  words tsvector not null,
  primary key (workspace_id, message_id),
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
create index message_search_words on message_search using gin (workspace_id, bucket, words);
call own_rows_only('message_search');
grant insert, update, delete, select on message_search to rapport_app;

create function fold_text(given text) returns text language sql immutable parallel safe
  set search_path = public, pg_temp as $$ select lower(public.unaccent('public.unaccent', given)) $$;

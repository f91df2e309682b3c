-- What open networks say of a message beside its words. A row only where there is something to say: most mail and chat has none.
create table message_posts (
  workspace_id uuid not null,
  message_id uuid not null,
  -- Where it can be seen on the platform.
  url text,
  -- The line that it is hidden behind.
  warning text,
  embeds jsonb not null default '[]',
  poll jsonb,
  -- What others did with it: the platform's own counts, newest word, and beside them what was told deed by deed.
  counts jsonb not null default '{}',
  counts_at timestamptz,
  deeds jsonb not null default '{}',
  -- The first part of a chain keeps what its writer wrote, whole.
  chain_text text,
  primary key (workspace_id, message_id),
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
call own_rows_only('message_posts');
grant select, insert, update, delete on message_posts to rapport_app;

-- One like, repost or quote, by the name that the platform gave it: told twice, it counts once. Whoever did it is no customer
-- because of it.
create table message_deeds (
  workspace_id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  message_id uuid not null,
  kind text not null check (kind in ('like', 'repost', 'quote')),
  by_external_id text not null,
  by_name text,
  at timestamptz not null,
  undone boolean not null,
  primary key (workspace_id, connection_id, external_id),
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
create index message_deeds_of_message on message_deeds (workspace_id, message_id);
call own_rows_only('message_deeds');
grant select, insert, update, delete on message_deeds to rapport_app;

alter table messages
  -- Stands around what was said to us: shown, and nobody waits because of it.
  add column context boolean not null default false,
  -- Null: the first thread of its conversation.
  add column thread_key text,
  -- A long answer that leaves as several, each below the one before; the id of the first.
  add column chain_id uuid,
  add column chain_index smallint;
create index messages_of_chain on messages (workspace_id, chain_id, chain_index) where chain_id is not null;
alter table message_keys add column context boolean not null default false;

-- Threads that a conversation holds beside its first: the private line of somebody who complained in public. Whichever
-- conversation invited last has it.
create table conversation_threads (
  workspace_id uuid not null,
  connection_id uuid not null,
  thread_key text not null,
  id uuid not null,
  conversation_id uuid not null,
  visibility text not null check (visibility in ('public', 'private')),
  shape text not null check (shape in ('line', 'tree')),
  -- Who is spoken to there.
  identity_id uuid,
  facts jsonb not null default '{}',
  facts_at timestamptz,
  last_inbound_at timestamptz,
  created_at timestamptz not null,
  primary key (workspace_id, connection_id, thread_key),
  unique (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, identity_id) references identities (workspace_id, id)
);
create index conversation_threads_of_conversation on conversation_threads (workspace_id, conversation_id);
call own_rows_only('conversation_threads');
grant select, insert, update on conversation_threads to rapport_app;

-- What a member asked the platform to do about a message or who wrote it, and what became of that.
create table moderations (
  workspace_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  message_id uuid not null,
  action text not null,
  reason text not null,
  state text not null check (state in ('asked', 'waiting', 'done', 'gone', 'rejected')),
  state_reason text,
  attempts smallint not null default 0,
  asked_by uuid,
  asked_at timestamptz not null,
  settled_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
create index moderations_of_message on moderations (workspace_id, message_id, asked_at);
call own_rows_only('moderations');
grant select, insert, update on moderations to rapport_app;

-- In which thread it shall go: its id, 'first', or null where nothing was chosen.
alter table drafts add column thread text, add column warning text;

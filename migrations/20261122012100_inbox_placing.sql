-- Messages that name no thread but what they answer (mail): where they were placed and why, whom they went to, and what they
-- were beside their words.
alter table messages
  -- What this answers stands in parent_id; here, how near it is among what the message follows. 0 is the nearest.
  add column parent_rank smallint,
  add column placed_by text not null default 'thread'
    check (placed_by in ('thread', 'reply_address', 'follows', 'stranger', 'new', 'moved', 'split')),
  add column automatic text check (automatic in ('reply', 'list', 'report')),
  add column has_html boolean not null default false,
  -- The delivery that was this message and nothing else; its other half is received_at.
  add column delivery_id uuid;
-- What programs wrote of late, counted per conversation and author so that a loop is cut.
create index messages_automatic on messages (workspace_id, conversation_id, identity_id, received_at) where automatic is not null;

-- What makes two messages under one name the same or not, and whether a name is one that we gave: those are known by whatever
-- connection an answer to them comes.
alter table message_keys add column content_hash text, add column ours boolean not null default false;
create index message_keys_ours on message_keys (workspace_id, external_id) where ours;

-- Names that a message follows and that are nearer than its present parent: whoever comes by that name becomes its parent.
create table message_follows (
  workspace_id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  message_id uuid not null,
  rank smallint not null,
  -- By the name first: what we wrote is waited for by answers on any connection.
  primary key (workspace_id, external_id, message_id),
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
create index message_follows_of_message on message_follows (workspace_id, message_id);
call own_rows_only('message_follows');
grant select, insert, update, delete on message_follows to rapport_app;

insert into message_follows (workspace_id, connection_id, external_id, message_id, rank)
  select e.workspace_id, e.connection_id, e.name, k.message_id, 0
  from early_changes e join message_keys k on k.workspace_id = e.workspace_id and k.connection_id = e.connection_id
    and k.external_id = e.event ->> 'childExternalId'
  where e.kind like 'parent.%' and k.message_id is not null
  on conflict do nothing;
delete from early_changes where kind like 'parent.%';
update message_keys k set ours = true from messages m
  where m.workspace_id = k.workspace_id and m.id = k.message_id and m.kind = 'out';

-- Beside the list row on purpose: read with a thread, never with a list.
create table message_bodies (
  workspace_id uuid not null,
  message_id uuid not null,
  html text,
  quoted text,
  -- { to, cc, bcc }, each a list of { address, name }.
  addressees jsonb,
  primary key (workspace_id, message_id),
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
call own_rows_only('message_bodies');
grant select, insert, update, delete on message_bodies to rapport_app;

-- Addresses that took part in a conversation. `by_us`: one of ours wrote to it, so an answer from there is no stranger's.
create table conversation_addresses (
  workspace_id uuid not null,
  conversation_id uuid not null,
  address text not null,
  by_us boolean not null,
  primary key (workspace_id, conversation_id, address),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
call own_rows_only('conversation_addresses');
grant select, insert, update on conversation_addresses to rapport_app;

-- For members only: nothing of one conversation leaves by another.
create table conversation_links (
  workspace_id uuid not null,
  conversation_id uuid not null,
  linked_id uuid not null,
  reason text not null check (reason in ('answered_there', 'answers', 'split_off', 'split_from', 'moved')),
  created_at timestamptz not null,
  primary key (workspace_id, conversation_id, linked_id, reason),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, linked_id) references conversations (workspace_id, id) on delete cascade
);
call own_rows_only('conversation_links');
grant select, insert on conversation_links to rapport_app;

-- The name by which a message's HTML shows the file.
alter table attachments add column content_id text;

alter table drafts add column addressees jsonb, add column subject text;
-- A moved message takes its place in another conversation, and its author with it.
grant delete on conversation_participants to rapport_app;

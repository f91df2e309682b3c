-- A browser that opened the widget. Its token opens one conversation and nothing else; only the token's hash is kept.
create table visitors (
  workspace_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  token_hash text not null unique,
  -- What the pre-chat form or the host page's signed identity said.
  name text,
  email text,
  verified_user_id text,
  locale text,
  page_url text,
  details jsonb not null default '{}',
  -- Set once intake has made the conversation.
  conversation_id uuid,
  read_at timestamptz,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  is_sample boolean not null default false,
  primary key (workspace_id, id),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id)
);
create index visitors_of_conversation on visitors (workspace_id, conversation_id) where conversation_id is not null;
create unique index visitors_verified on visitors (workspace_id, connection_id, verified_user_id) where verified_user_id is not null;
call own_rows_only('visitors');
create policy system on visitors for select to rapport_system using (true);
grant select, insert, update on visitors to rapport_app;
grant select on visitors to rapport_system;

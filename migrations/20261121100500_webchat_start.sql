-- Somebody who wrote in the chat of a page: a browser that nobody vouches for, or a person whom the host page's signature
-- names. `thread_key` is the one line that they have open now; intake makes the conversation of that name.
create table visitors (
  workspace_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  -- 'visitor:<id>', or 'user:<the customer's own id>' once a signature vouches for it.
  person_key text not null check (length(person_key) between 1 and 300),
  verified_user_id text,
  -- What the pre-chat form, the offline form or the host page said. Never proven, save the verified id.
  name text,
  email text,
  locale text,
  attributes jsonb not null default '{}',
  -- How many lines this person has begun.
  ordinal integer not null default 1,
  thread_key text not null,
  created_at timestamptz not null,
  is_sample boolean not null default false,
  primary key (workspace_id, id),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id)
);
create unique index visitors_by_person on visitors (workspace_id, connection_id, person_key);
create unique index visitors_by_thread on visitors (workspace_id, connection_id, thread_key);
call own_rows_only('visitors');
create policy system on visitors for select to rapport_system using (true);
grant select, insert, update on visitors to rapport_app;
grant select on visitors to rapport_system;

-- One browser of a visitor. Its token opens that visitor's conversation and nothing else; only the token's hash is kept.
create table visits (
  workspace_id uuid not null,
  id uuid not null,
  visitor_id uuid not null,
  connection_id uuid not null,
  token_hash text not null unique,
  -- Keyed hash, good for counting and for nothing else.
  address_hash text not null,
  page_url text,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  ended_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, visitor_id) references visitors (workspace_id, id) on delete cascade,
  foreign key (workspace_id, connection_id) references connections (workspace_id, id)
);
create index visits_by_address on visits (workspace_id, connection_id, address_hash, created_at);
create index visits_of_visitor on visits (workspace_id, visitor_id, created_at);
call own_rows_only('visits');
create policy system on visits for select to rapport_system using (true);
grant select, insert, update on visits to rapport_app;
grant select on visits to rapport_system;

-- Files that a visitor sent up and has not posted yet, and which ones they may post.
create table visitor_uploads (
  workspace_id uuid not null,
  id uuid not null,
  visitor_id uuid not null,
  name text not null,
  media_type text not null,
  kind text not null check (kind in ('image', 'audio', 'video', 'pdf', 'text', 'other')),
  size bigint not null,
  sha256 text not null,
  width integer,
  height integer,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, visitor_id) references visitors (workspace_id, id) on delete cascade
);
create index visitor_uploads_of_visitor on visitor_uploads (workspace_id, visitor_id, created_at);
call own_rows_only('visitor_uploads');
grant select, insert, update on visitor_uploads to rapport_app;

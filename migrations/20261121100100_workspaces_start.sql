-- A tenant and the people who work in it. `workspaces` and `members` are stated exceptions to leading with workspace_id:
-- sign-in has to find a person's workspaces before it knows which one they mean.
create table workspaces (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
  name text not null check (length(name) between 1 and 80),
  time_zone text not null default 'UTC',
  locale text not null default 'en',
  colour text,
  is_sample boolean not null default false,
  -- Outbound is paused after a restore until a person confirms; the reason is shown.
  outbound_paused_reason text,
  created_at timestamptz not null
);
alter table workspaces enable row level security;
create policy own_workspace on workspaces to rapport_app using (id = nullif(current_setting('app.workspace_id', true), '')::uuid);
create policy system on workspaces to rapport_system using (true) with check (true);
grant select, update on workspaces to rapport_app;
grant select, insert, update on workspaces to rapport_system;

-- The one-time link by which a fresh installation is claimed; only its hash is kept.
create table setup_links (
  token_hash text primary key,
  created_at timestamptz not null,
  used_at timestamptz
);
grant select, insert, update on setup_links to rapport_system;

-- Tries to sign in, by a hash of account (and address), so that guessing slows down on every node and after a restart.
create table sign_in_tries (
  key_hash text primary key,
  failures integer not null,
  last_at timestamptz not null
);
create index sign_in_tries_by_age on sign_in_tries (last_at);
grant select, insert, update, delete on sign_in_tries to rapport_system;

create table members (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  -- The signed-in person in schema `auth`; the same person may be a member of several workspaces.
  user_id text not null,
  name text not null check (length(name) between 1 and 80),
  email text not null,
  role text not null check (role in ('owner', 'admin', 'lead', 'agent', 'viewer')),
  state text not null default 'active' check (state in ('active', 'suspended', 'removed')),
  preferences jsonb not null default '{}',
  is_sample boolean not null default false,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, user_id)
);
create index members_of_user on members (user_id);
call own_rows_only('members');
create policy system on members to rapport_system using (true) with check (true);
grant select, insert, update on members to rapport_app;
grant select, insert, update on members to rapport_system;

create table invitations (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  email text not null,
  role text not null check (role in ('admin', 'lead', 'agent', 'viewer')),
  team_ids uuid[] not null default '{}',
  token_hash text not null unique,
  invited_by uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (workspace_id, id)
);
call own_rows_only('invitations');
create policy system on invitations to rapport_system using (true) with check (true);
grant select, insert, update on invitations to rapport_app;
grant select, update on invitations to rapport_system;

create table teams (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 60),
  created_at timestamptz not null,
  archived_at timestamptz,
  primary key (workspace_id, id)
);
create unique index teams_by_name on teams (workspace_id, lower(name)) where archived_at is null;
call own_rows_only('teams');
create policy system on teams for select to rapport_system using (true);
grant select on teams to rapport_system;
grant select, insert, update on teams to rapport_app;

create table team_members (
  workspace_id uuid not null,
  team_id uuid not null,
  member_id uuid not null,
  primary key (workspace_id, team_id, member_id),
  foreign key (workspace_id, team_id) references teams (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
create index team_members_by_member on team_members (workspace_id, member_id);
call own_rows_only('team_members');
create policy system on team_members to rapport_system using (true) with check (true);
grant select, insert, delete on team_members to rapport_app;
grant select, insert on team_members to rapport_system;

create table api_tokens (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 80),
  token_hash text not null unique,
  -- 'admin', 'read' or a list of permissions; see domains/workspaces/server/permissions.ts
  scopes text[] not null,
  created_by uuid,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (workspace_id, id)
);
call own_rows_only('api_tokens');
create policy system on api_tokens to rapport_system using (true) with check (true);
grant select, insert, update on api_tokens to rapport_app;
grant select, update, insert on api_tokens to rapport_system;

-- Service hours: intervals of a week in the workspace's (or its own) time zone; several a day. Minutes from midnight.
create table service_hours (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 60),
  time_zone text not null,
  weekly jsonb not null,
  holidays jsonb not null default '[]',
  is_default boolean not null default false,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create unique index service_hours_default on service_hours (workspace_id) where is_default;
call own_rows_only('service_hours');
create policy system on service_hours to rapport_system using (true) with check (true);
grant select, insert, update, delete on service_hours to rapport_app;
grant select, insert on service_hours to rapport_system;

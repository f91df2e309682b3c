-- What a platform says of itself or of the account (an instance's text limit, the account's own id), beside what a person set.
alter table connections add column learned jsonb not null default '{}';

-- People who went to a platform to give leave (OAuth) and are not back yet. Each is used once, and forgotten when it is late.
create table connection_authorizations (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  -- Only who knows the state finds the row, and only its hash is kept.
  state_hash text not null,
  actor_id uuid not null,
  -- The browser in which it began, by the hash of a cookie that no script reads.
  browser_hash text not null,
  channel text not null,
  -- Null: a connection is made; else this one is given leave again.
  connection_id uuid,
  -- Name, settings with their secrets, and what the channel keeps until then.
  sealed text not null,
  expires_at timestamptz not null,
  primary key (workspace_id, state_hash),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade
);
create index connection_authorizations_by_expiry on connection_authorizations (workspace_id, expires_at);
call own_rows_only('connection_authorizations');
grant select, insert, delete on connection_authorizations to rapport_app;

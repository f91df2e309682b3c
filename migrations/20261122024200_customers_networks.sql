alter table identities
  -- The account was deleted where it was.
  add column gone_at timestamptz,
  -- The account that they have now, where they moved to another server.
  add column moved_to_id uuid,
  -- What they called themselves before, newest last.
  add column former_handles text[] not null default '{}';

-- Profile pictures as they are kept here: made small and anew, never shown from outside.
create table identity_pictures (
  workspace_id uuid not null,
  identity_id uuid not null,
  source_url text not null,
  -- Null until it is here, and where it could not be had.
  sha256 text,
  state_reason text,
  attempts smallint not null default 0,
  fetched_at timestamptz,
  primary key (workspace_id, identity_id),
  foreign key (workspace_id, identity_id) references identities (workspace_id, id) on delete cascade
);
call own_rows_only('identity_pictures');
grant select, insert, update on identity_pictures to rapport_app;

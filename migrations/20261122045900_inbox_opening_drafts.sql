-- A first message that a member is writing to somebody who has not written: it has no conversation yet, so it is no draft of one.
create table opening_drafts (
  workspace_id uuid not null,
  member_id uuid not null,
  connection_id uuid,
  addressees jsonb not null,
  subject text not null,
  body text not null check (length(body) <= 300000),
  attachment_ids uuid[] not null default '{}',
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (workspace_id, member_id),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
call own_rows_only('opening_drafts');
grant select, insert, update, delete on opening_drafts to rapport_app;

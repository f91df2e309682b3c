-- How far each connection has been fetched, by polls and streams alike. Apart from `connections`, because this row moves with
-- every step and that one is read and locked by people.
create table connection_feeds (
  workspace_id uuid not null,
  connection_id uuid not null,
  -- The connector's own; nobody else reads it.
  cursor jsonb,
  -- Raised by each move. Who began from an older one stores nothing: neither its deliveries nor its cursor.
  version bigint not null default 0,
  due_at timestamptz not null,
  -- The last step said that there is more.
  behind boolean not null default false,
  failures integer not null default 0,
  failing_since timestamptz,
  stream_failures integer not null default 0,
  -- A stream that dropped is not opened again before.
  stream_due_at timestamptz,
  -- When a stream was last seen to run.
  streamed_at timestamptz,
  succeeded_at timestamptz,
  primary key (workspace_id, connection_id),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade
);
call own_rows_only('connection_feeds');
create policy system on connection_feeds to rapport_system using (true) with check (true);
grant select, insert, update, delete on connection_feeds to rapport_app, rapport_system;
alter table connections drop column cursor;

-- Which connection takes what is addressed how. One address leads to one connection of a channel, whosever it is.
create table connection_addresses (
  channel text not null,
  address text not null,
  workspace_id uuid not null,
  connection_id uuid not null,
  primary key (channel, address),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade
);
create index connection_addresses_of_connection on connection_addresses (workspace_id, connection_id);
call own_rows_only('connection_addresses');
create policy system on connection_addresses for select to rapport_system using (true);
grant select, insert, delete on connection_addresses to rapport_app;
grant select on connection_addresses to rapport_system;

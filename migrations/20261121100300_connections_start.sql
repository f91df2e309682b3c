create table connections (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  channel text not null,
  name text not null check (length(name) between 1 and 80),
  -- The unguessable part of its public address (webhook URL, widget key).
  public_key text not null unique,
  settings jsonb not null default '{}',
  -- Sealed by platform/crypto; null where the channel needs none.
  credentials text,
  state text not null default 'active' check (state in ('active', 'paused', 'removed')),
  team_id uuid,
  service_hours_id uuid,
  -- Health, written by whoever talks to the platform.
  health text not null default 'unknown' check (health in ('unknown', 'ok', 'degraded', 'broken')),
  health_reason text,
  health_at timestamptz,
  last_delivery_at timestamptz,
  last_sent_at timestamptz,
  cursor jsonb,
  is_sample boolean not null default false,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, team_id) references teams (workspace_id, id),
  foreign key (workspace_id, service_hours_id) references service_hours (workspace_id, id)
);
call own_rows_only('connections');
create policy system on connections to rapport_system using (true) with check (true);
grant select, insert, update on connections to rapport_app;
grant select, update on connections to rapport_system;

-- Whatever was delivered, whole, before anything is understood. Nothing references it.
create table deliveries (
  workspace_id uuid not null,
  id uuid not null,
  seq bigint generated always as identity,
  connection_id uuid not null,
  lane smallint not null,
  received_at timestamptz not null,
  headers jsonb not null,
  body bytea not null,
  state text not null default 'pending' check (state in ('pending', 'done', 'quarantined', 'dismissed')),
  attempts smallint not null default 0,
  reason text,
  settled_at timestamptz,
  primary key (workspace_id, id, received_at)
) partition by range (received_at);
create index deliveries_pending on deliveries (lane, seq) where state = 'pending';
create index deliveries_quarantined on deliveries (workspace_id, received_at desc, id) where state = 'quarantined';
create table deliveries_other partition of deliveries default;
call own_rows_only('deliveries');
create policy system on deliveries to rapport_system using (true) with check (true);
grant select, update on deliveries to rapport_app;
grant select, insert, update on deliveries to rapport_system;

-- Counted, not stored: deliveries refused because nothing proves who sent them.
create table refused_deliveries (
  workspace_id uuid not null,
  connection_id uuid not null,
  day date not null,
  reason text not null,
  count bigint not null,
  primary key (workspace_id, connection_id, day, reason),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade
);
call own_rows_only('refused_deliveries');
create policy system on refused_deliveries to rapport_system using (true) with check (true);
grant select on refused_deliveries to rapport_app;
grant select, insert, update on refused_deliveries to rapport_system;

-- The one statement of the accepting path: as many deliveries as arrived together, one round trip, no role to set.
create function accept_deliveries(
  workspaces uuid[], ids uuid[], connection_ids uuid[], lanes smallint[], times timestamptz[], headers jsonb[], bodies bytea[]
) returns void language sql security definer set search_path = public, pg_temp as $$
  insert into deliveries (workspace_id, id, connection_id, lane, received_at, headers, body)
  select * from unnest(workspaces, ids, connection_ids, lanes, times, headers, bodies)
$$;
revoke execute on function accept_deliveries from public;
grant execute on function accept_deliveries to rapport_system;

-- Roles: the owner (who runs this file) is not under row-level security. `rapport_app` sees one workspace, `rapport_system`
-- sees the listed tables of all of them. The program's pool signs in as a login role that may become either and inherits
-- nothing, so a query that forgets to choose is refused. The login role is made by platform/db/roles.ts, since its name
-- carries the database's and its password must not stand in a file.
do $$
begin
  if not exists (select from pg_roles where rolname = 'rapport_app') then create role rapport_app nologin; end if;
  if not exists (select from pg_roles where rolname = 'rapport_system') then create role rapport_system nologin; end if;
exception when duplicate_object or unique_violation then null; -- two databases of one cluster migrated at once
end $$;

revoke create on schema public from public;
grant usage on schema public to rapport_app, rapport_system;

create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists btree_gin;

-- The workspace that the present transaction acts in; null outside one, so that policies show nothing.
create function current_workspace() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.workspace_id', true), '')::uuid $$;

-- Gives a table its policy for `rapport_app`: rows of the current workspace only.
create procedure own_rows_only(named regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', named);
  execute format(
    'create policy own_workspace on %s to rapport_app
       using (workspace_id = nullif(current_setting(''app.workspace_id'', true), '''')::uuid)
       with check (workspace_id = nullif(current_setting(''app.workspace_id'', true), '''')::uuid)', named);
end $$;

-- One row: which life of the database this is. A restore raises it, so that positions taken before are known to be void.
create table epochs (
  epoch integer primary key,
  started_at timestamptz not null,
  reason text not null
);
insert into epochs values (1, '2026-11-21T00:00:00Z', 'founded');
grant select on epochs to rapport_app, rapport_system;

-- Append-only: what happened, by whom, and who may know. Never text or addresses.
create table events (
  workspace_id uuid not null,
  seq bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  type text not null,
  actor_kind text not null check (actor_kind in ('member', 'token', 'visitor', 'program')),
  actor_id uuid,
  subject_id uuid,
  data jsonb not null,
  visibility jsonb not null,
  primary key (workspace_id, seq, at)
) partition by range (at);
create index events_in_order on events (xid, seq);
create index events_of_subject on events (workspace_id, subject_id, seq) where subject_id is not null;
create table events_other partition of events default;
grant insert on events to rapport_app, rapport_system;
grant select on events to rapport_app, rapport_system;
call own_rows_only('events');
create policy reader on events for select to rapport_system using (true);
create policy writer on events for insert to rapport_system with check (true);

-- Who read what private thing, and from where somebody acted. Kept apart from events, because addresses are personal data.
create table access_log (
  workspace_id uuid not null,
  seq bigint generated always as identity,
  at timestamptz not null,
  actor_kind text not null,
  actor_id uuid,
  action text not null,
  subject_id uuid,
  address text,
  device text,
  primary key (workspace_id, seq, at)
) partition by range (at);
create index access_log_of_subject on access_log (workspace_id, subject_id, at) where subject_id is not null;
create table access_log_other partition of access_log default;
grant insert, select on access_log to rapport_app;
grant insert on access_log to rapport_system;
call own_rows_only('access_log');
create policy writer on access_log for insert to rapport_system with check (true);

-- How far each durable reader of events has come.
create table event_cursors (
  reader text primary key,
  epoch integer not null,
  xid xid8 not null,
  seq bigint not null,
  moved_at timestamptz not null
);
grant select, insert, update on event_cursors to rapport_system;

-- Which reaction has already answered which event; a reaction that ran is never run again for it.
create table reactions_done (
  workspace_id uuid not null,
  event_seq bigint not null,
  reaction text not null,
  done_at timestamptz not null,
  primary key (workspace_id, event_seq, reaction)
);
grant select, insert on reactions_done to rapport_app;
call own_rows_only('reactions_done');

-- Reactions and jobs that gave up: visible, retryable.
create table failures (
  id uuid primary key,
  workspace_id uuid,
  kind text not null check (kind in ('job', 'reaction')),
  name text not null,
  payload jsonb not null,
  reason text not null,
  attempts integer not null,
  failed_at timestamptz not null,
  retried_at timestamptz
);
create index failures_open on failures (workspace_id, failed_at) where retried_at is null;
alter table failures enable row level security;
create policy own_workspace on failures to rapport_app
  using (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);
create policy system on failures to rapport_system using (true) with check (true);
grant select on failures to rapport_app;
grant select, insert, update on failures to rapport_system;

-- Monthly partitions are made ahead; rows out of all range (a wrong clock) fall into the default one and are kept.
create function ensure_partitions(from_day date, months integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  made integer := 0;
  first_day date;
  parent text;
  name text;
begin
  foreach parent in array array['events', 'access_log', 'deliveries'] loop
    continue when to_regclass(parent) is null;
    for i in 0 .. months - 1 loop
      first_day := (date_trunc('month', from_day) + make_interval(months => i))::date;
      name := format('%s_%s', parent, to_char(first_day, 'YYYY_MM'));
      continue when to_regclass(name) is not null;
      begin
        execute format('create table %I partition of %I for values from (%L) to (%L)',
          name, parent, first_day, (first_day + interval '1 month')::date);
        made := made + 1;
      exception when check_violation then null; -- the default partition already holds rows of that month: they stay there
      end;
    end loop;
  end loop;
  return made;
end $$;
revoke execute on function ensure_partitions from public;
grant execute on function ensure_partitions to rapport_system;

-- Jobs are added inside the caller's transaction by a role that may not see the queue. The workspace is written by us, not
-- by the caller's payload.
create function enqueue_job(task text, payload jsonb, job_key text, run_at timestamptz, lane text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform graphile_worker.add_job(
    task,
    payload := (payload || jsonb_build_object('workspaceId', nullif(current_setting('app.workspace_id', true), '')))::json,
    queue_name := lane,
    run_at := run_at,
    max_attempts := 12,
    job_key := job_key
  );
end $$;
revoke execute on function enqueue_job from public;
grant execute on function enqueue_job to rapport_app, rapport_system;

-- The sealed root of everything that is derived from the secret key, shared by all nodes. The owner alone reads it.
create table keyring_root (
  only_one boolean primary key default true check (only_one),
  sealed text not null
);

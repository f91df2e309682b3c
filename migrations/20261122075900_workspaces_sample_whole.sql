-- Takes the sample out of a workspace, with all that people did to it meanwhile, and answers the hashes of files that no row refers
-- to any more. Which tables name files is read from the database (a column called `sha256`), so that one which is added tomorrow is
-- neither forgotten nor robbed. Runs as owner, because nobody else may delete, events least of all; it names the workspace in every statement.
create or replace function remove_sample(workspace uuid) returns text[]
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  sources uuid[];
  threads uuid[];
  people uuid[];
  colleagues uuid[];
  marks uuid[];
  groups uuid[];
  times uuid[];
  everything uuid[];
  filed regclass;
  found text[];
  hashes text[] := '{}';
begin
  if workspace is null or workspace is distinct from current_workspace() then
    raise exception 'a sample is removed from within its own workspace' using errcode = '42501';
  end if;
  perform from workspaces where id = workspace for update;
  sources := array(select id from connections where workspace_id = workspace and is_sample);
  threads := array(
    select id from conversations where workspace_id = workspace and (is_sample or connection_id = any (sources)));
  -- Also whoever came later and spoke in nothing but the sample: visitors of the sample shop.
  people := array(
    select c.id from customers c
    where c.workspace_id = workspace
      and (c.is_sample
        or exists (select from conversations o where o.workspace_id = workspace and o.customer_id = c.id)
        or exists (select from conversation_participants p join identities i on i.workspace_id = workspace and i.id = p.identity_id
          where p.workspace_id = workspace and i.customer_id = c.id))
      and not exists (select from conversations o
        where o.workspace_id = workspace and o.customer_id = c.id and o.id <> all (threads))
      and not exists (select from conversation_participants p join identities i on i.workspace_id = workspace and i.id = p.identity_id
        where p.workspace_id = workspace and i.customer_id = c.id and p.conversation_id <> all (threads)));
  -- The owner of a demo's workspace is marked too, and stays: colleagues of the sample have no account behind them.
  colleagues := array(select id from members where workspace_id = workspace and is_sample and user_id like 'sample:%');
  marks := array(select id from labels where workspace_id = workspace and is_sample);
  groups := array(select id from teams where workspace_id = workspace and is_sample);
  times := array(select id from service_hours where workspace_id = workspace and is_sample);
  for filed in
    select c.oid::regclass from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attname = 'sha256' and not a.attisdropped
      and exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id' and not w.attisdropped)
  loop
    execute format('select array_agg(distinct sha256) from %s where workspace_id = $1 and sha256 is not null', filed)
      into found using workspace;
    hashes := hashes || found;
  end loop;
  -- What was written down of a single message, person or delivery goes with it.
  everything := sources || threads || people || colleagues || marks || groups || times
    || array(select id from messages where workspace_id = workspace and conversation_id = any (threads))
    || array(select id from identities where workspace_id = workspace and customer_id = any (people))
    || array(select id from deliveries where workspace_id = workspace and connection_id = any (sources));

  perform graphile_worker.remove_job('inbox.wake:' || thread) from unnest(threads) as thread;
  perform graphile_worker.remove_job(key) from graphile_worker.jobs where key like 'triage.assess:sample:' || workspace || ':%';
  delete from failures where workspace_id = workspace
    and (payload ->> 'conversationId' = any (threads::text[]) or payload ->> 'subjectId' = any (everything::text[]));

  -- What stays lets go of what leaves.
  update conversations set assignee_id = null, version = version + 1
    where workspace_id = workspace and assignee_id = any (colleagues) and id <> all (threads);
  update conversations set team_id = null, version = version + 1
    where workspace_id = workspace and team_id = any (groups) and id <> all (threads);
  update conversations set version = version + 1,
      label_ids = array(select kept from unnest(label_ids) with ordinality as l (kept, place) where kept <> all (marks) order by place)
    where workspace_id = workspace and label_ids && marks and id <> all (threads);
  update connections set team_id = null where workspace_id = workspace and team_id = any (groups) and id <> all (sources);
  update connections set service_hours_id = null
    where workspace_id = workspace and service_hours_id = any (times) and id <> all (sources);
  update customers set is_sample = false where workspace_id = workspace and is_sample and id <> all (people);

  delete from conversations where workspace_id = workspace and id = any (threads);
  delete from message_keys where workspace_id = workspace and connection_id = any (sources);
  delete from customers where workspace_id = workspace and id = any (people);
  delete from visitors where workspace_id = workspace and connection_id = any (sources);
  delete from deliveries where workspace_id = workspace and connection_id = any (sources);
  delete from connections where workspace_id = workspace and id = any (sources);
  delete from labels where workspace_id = workspace and id = any (marks);
  delete from members where workspace_id = workspace and id = any (colleagues);
  delete from teams where workspace_id = workspace and id = any (groups);
  delete from service_hours where workspace_id = workspace and id = any (times);

  delete from reactions_done r using events e
    where r.workspace_id = workspace and e.workspace_id = workspace and e.seq = r.event_seq
      and (e.subject_id = any (everything) or e.actor_id = any (colleagues) or e.type = 'workspaces.sample_loaded');
  delete from events where workspace_id = workspace
    and (subject_id = any (everything) or actor_id = any (colleagues) or type = 'workspaces.sample_loaded');
  delete from access_log where workspace_id = workspace
    and (subject_id = any (everything) or actor_id = any (colleagues));
  return unreferenced_files(hashes);
end $$;

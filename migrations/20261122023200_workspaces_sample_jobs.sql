-- What the sample brought is assessed by jobs, which leave with it.
alter function remove_sample(uuid) rename to remove_sample_rows;
revoke execute on function remove_sample_rows from rapport_app;

create function remove_sample(workspace uuid) returns text[]
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  hashes text[];
begin
  -- Refuses whoever is not in that workspace.
  hashes := remove_sample_rows(workspace);
  perform graphile_worker.remove_job(key) from graphile_worker.jobs where key like 'triage.assess:sample:' || workspace || ':%';
  return hashes;
end $$;
revoke execute on function remove_sample from public;
grant execute on function remove_sample to rapport_app;

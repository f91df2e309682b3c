-- Which of these files does no row of any workspace name? A column called `sha256` is how a row names a file of the store, in every
-- table alike, so one that is added tomorrow counts from tomorrow on. Runs as owner, because no other role may look everywhere.
create function unreferenced_files(hashes text[]) returns text[]
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  place regclass;
  found text[];
begin
  for place in
    select c.oid::regclass from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attname = 'sha256' and not a.attisdropped
  loop
    execute format('select array_agg(distinct sha256) from %s where sha256 = any ($1)', place) into found using hashes;
    hashes := array(select hash from unnest(hashes) as hash where hash <> all (coalesce(found, '{}')));
  end loop;
  return hashes;
end $$;
revoke execute on function unreferenced_files from public;
grant execute on function unreferenced_files to rapport_system;

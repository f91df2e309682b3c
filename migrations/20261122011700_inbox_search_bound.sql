-- Whoever may see little and looks for a word that everybody writes would have had every message of the workspace looked at, one
-- behind the other. Now a search looks at so many messages that have the words and, when it has not found enough of what this
-- person may see by then, says how far it came: the last row has no conversation, and the next page goes on behind it.
create or replace function search_messages(
  wanted text, sees_all boolean, member uuid, member_teams uuid[], before timestamptz, before_id uuid, most integer
) returns table (message_id uuid, conversation_id uuid, occurred_at timestamptz)
  language plpgsql stable security definer rows 30 set search_path = public, pg_temp as $$
declare
  walked constant integer := 1000;
  -- Candidates behind the newest that are looked at for one page.
  budget integer := 5000;
  workspace uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
  query tsquery := websearch_to_tsquery('simple', fold_text(wanted));
  week integer;
  at timestamptz := coalesce(before, 'infinity');
  at_id uuid := coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  next_at timestamptz;
  next_id uuid;
  left_over integer := least(most, 101);
  found_here integer;
  candidate record;
begin
  if workspace is null or numnode(query) = 0 then return; end if;
  return query
    select s.message_id, s.conversation_id, s.occurred_at
    from (
      select m.message_id, m.conversation_id, m.occurred_at, m.words from message_search m
      where m.workspace_id = workspace and (m.occurred_at, m.message_id) < (at, at_id)
      order by m.occurred_at desc, m.message_id desc limit walked
    ) s
    join conversations c on c.workspace_id = workspace and c.id = s.conversation_id
    where s.words @@ query and (sees_all or c.team_id is null or c.team_id = any (member_teams) or c.assignee_id = member)
    order by s.occurred_at desc, s.message_id desc
    limit left_over;
  get diagnostics found_here = row_count;
  left_over := left_over - found_here;
  if left_over <= 0 then return; end if;
  -- The last one that was looked through: the weeks go on behind it.
  select m.occurred_at, m.message_id into next_at, next_id from message_search m
    where m.workspace_id = workspace and (m.occurred_at, m.message_id) < (at, at_id)
    order by m.occurred_at desc, m.message_id desc offset walked - 1 limit 1;
  if next_at is null then return; end if;
  at := next_at;
  at_id := next_id;
  week := floor(extract(epoch from at) / 604800)::integer;
  loop
    -- Whoever sees all needs no more candidates than rows. Rows are drawn one by one, so that the first ones are enough.
    for candidate in
      select s.message_id, s.conversation_id, s.occurred_at,
        (sees_all or c.team_id is null or c.team_id = any (member_teams) or c.assignee_id = member) as seen
      from (
        select m.message_id, m.conversation_id, m.occurred_at from message_search m
        where m.workspace_id = workspace and m.bucket = week and m.words @@ query
          and (m.occurred_at, m.message_id) < (at, at_id)
        order by m.occurred_at desc, m.message_id desc
        limit case when sees_all then left_over else budget end
      ) s
      join conversations c on c.workspace_id = workspace and c.id = s.conversation_id
      order by s.occurred_at desc, s.message_id desc
    loop
      budget := budget - 1;
      message_id := candidate.message_id;
      conversation_id := candidate.conversation_id;
      occurred_at := candidate.occurred_at;
      if candidate.seen is true then
        return next;
        left_over := left_over - 1;
        if left_over <= 0 then return; end if;
      end if;
      if budget <= 0 then
        conversation_id := null;
        return next;
        return;
      end if;
    end loop;
    -- The newest message before this week begins tells the next week that holds any.
    select floor(extract(epoch from m.occurred_at) / 604800)::integer into week from message_search m
      where m.workspace_id = workspace and m.occurred_at < to_timestamp(week::bigint * 604800)
      order by m.occurred_at desc limit 1;
    exit when week is null;
  end loop;
end $$;

-- A common word is found among the newest messages at once, so those are looked through one by one first; only what is not
-- common there is asked for week by week. Else the newest week alone would hand over tens of thousands of hits to sort.
-- The week of a moment follows from the moment, so the index of weeks is not needed beside this one.
create index message_search_in_order on message_search (workspace_id, occurred_at desc, message_id desc);

-- Full text may not be used as an index condition under row-level security, so this runs as owner and repeats, itself, the
-- workspace and the rule of who sees which conversation (domains/inbox/server/visibility.ts says it once more for lists).
-- `rows`: a page, or the planner takes it for a thousand and reads all messages to join them.
create function search_messages(
  wanted text, sees_all boolean, member uuid, member_teams uuid[], before timestamptz, before_id uuid, most integer
) returns table (message_id uuid, conversation_id uuid, occurred_at timestamptz)
  language plpgsql stable security definer rows 30 set search_path = public, pg_temp as $$
declare
  walked constant integer := 1000;
  workspace uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
  query tsquery := websearch_to_tsquery('simple', fold_text(wanted));
  week integer;
  at timestamptz := coalesce(before, 'infinity');
  at_id uuid := coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  next_at timestamptz;
  next_id uuid;
  left_over integer := least(most, 101);
  found_here integer;
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
    return query
      select s.message_id, s.conversation_id, s.occurred_at
      from message_search s
      join conversations c on c.workspace_id = workspace and c.id = s.conversation_id
      where s.workspace_id = workspace and s.bucket = week and s.words @@ query
        and (s.occurred_at, s.message_id) < (at, at_id)
        and (sees_all or c.team_id is null or c.team_id = any (member_teams) or c.assignee_id = member)
      order by s.occurred_at desc, s.message_id desc
      limit left_over;
    get diagnostics found_here = row_count;
    left_over := left_over - found_here;
    exit when left_over <= 0;
    -- The newest message before this week begins tells the next week that holds any.
    select floor(extract(epoch from m.occurred_at) / 604800)::integer into week from message_search m
      where m.workspace_id = workspace and m.occurred_at < to_timestamp(week::bigint * 604800)
      order by m.occurred_at desc limit 1;
    exit when week is null;
  end loop;
end $$;
revoke execute on function search_messages from public;
grant execute on function search_messages to rapport_app;

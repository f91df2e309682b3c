-- Asking the index costs as much as the rarest of the words has messages in all, whether one week is asked for or every one: a
-- rare word beside a common one, or a phrase, that the newest messages do not hold cost that once for each week. Now such a
-- question is asked once, of the whole time; what is found is few by then, and put in order. Where it is not few after all, the
-- weeks go on as before: what is written a lot fills its page within one or two of them.
create or replace function search_messages(
  wanted text, sees_all boolean, member uuid, member_teams uuid[], before timestamptz, before_id uuid, most integer
) returns table (message_id uuid, conversation_id uuid, occurred_at timestamptz)
  language plpgsql stable security definer rows 30 set search_path = public, pg_temp set enable_seqscan = off as $$
declare
  walked constant integer := 1000;
  -- So many of the whole time are few.
  few constant integer := 2000;
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
  -- Of the newest thousand, whoever may see them.
  matched integer := 0;
  -- Null while nothing was asked of the whole time, and once it turned out to be many.
  whole_ids uuid[];
  whole_conversations uuid[];
  whole_moments timestamptz[];
  ask_whole boolean;
  weeks integer := 0;
  candidate record;
begin
  if workspace is null or numnode(query) = 0 then return; end if;
  for candidate in
    select s.message_id, s.conversation_id, s.occurred_at,
      (sees_all or c.team_id is null or c.team_id = any (member_teams) or c.assignee_id = member) as seen
    from (
      select m.message_id, m.conversation_id, m.occurred_at, m.words from message_search m
      where m.workspace_id = workspace and (m.occurred_at, m.message_id) < (at, at_id)
      order by m.occurred_at desc, m.message_id desc limit walked
    ) s
    join conversations c on c.workspace_id = workspace and c.id = s.conversation_id
    where s.words @@ query
    order by s.occurred_at desc, s.message_id desc
  loop
    matched := matched + 1;
    if candidate.seen is true then
      message_id := candidate.message_id;
      conversation_id := candidate.conversation_id;
      occurred_at := candidate.occurred_at;
      return next;
      left_over := left_over - 1;
      if left_over <= 0 then return; end if;
    end if;
  end loop;
  -- The last one that was looked through: the search goes on behind it.
  select m.occurred_at, m.message_id into next_at, next_id from message_search m
    where m.workspace_id = workspace and (m.occurred_at, m.message_id) < (at, at_id)
    order by m.occurred_at desc, m.message_id desc offset walked - 1 limit 1;
  if next_at is null then return; end if;
  at := next_at;
  at_id := next_id;
  week := floor(extract(epoch from at) / 604800)::integer;
  -- An index knows what has a word; for what has only not, it would be read from end to end.
  ask_whole := querytree(query) not in ('', 'T');
  loop
    -- What the newest thousand hold likely fills the page from the week behind them; for the rest everything is asked at once.
    if ask_whole and (matched = 0 or weeks > 0) then
      ask_whole := false;
      select array_agg(h.message_id), array_agg(h.conversation_id), array_agg(h.occurred_at)
        into whole_ids, whole_conversations, whole_moments
        from (
          select m.message_id, m.conversation_id, m.occurred_at from message_search m
          where m.workspace_id = workspace and m.words @@ query limit few + 1
        ) h;
      if cardinality(whole_ids) > few then
        whole_ids := null;
        whole_conversations := null;
        whole_moments := null;
      else
        week := null;
      end if;
    end if;
    -- From one of the two, the other being empty. Whoever sees all needs no more candidates than rows. Rows are drawn one by
    -- one, so that the first ones are enough.
    for candidate in
      select s.message_id, s.conversation_id, s.occurred_at,
        (sees_all or c.team_id is null or c.team_id = any (member_teams) or c.assignee_id = member) as seen
      from (
        select f.message_id, f.conversation_id, f.occurred_at from (
          select m.message_id, m.conversation_id, m.occurred_at from message_search m
            where m.workspace_id = workspace and m.bucket = week and m.words @@ query
          union all
          select w.message_id, w.conversation_id, w.occurred_at
            from unnest(whole_ids, whole_conversations, whole_moments) as w (message_id, conversation_id, occurred_at)
        ) f
        where (f.occurred_at, f.message_id) < (at, at_id)
        order by f.occurred_at desc, f.message_id desc
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
    exit when week is null;
    weeks := weeks + 1;
    -- The newest message before this week begins tells the next week that holds any.
    select floor(extract(epoch from m.occurred_at) / 604800)::integer into week from message_search m
      where m.workspace_id = workspace and m.occurred_at < to_timestamp(week::bigint * 604800)
      order by m.occurred_at desc limit 1;
    exit when week is null;
  end loop;
end $$;

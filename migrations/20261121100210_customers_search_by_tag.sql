-- Search narrowed to a tag. As owner, like search_customers, and with the workspace named for each table.
create function search_customers_tagged(wanted text, tagged text, most integer)
  returns table (customer_id uuid) language sql stable security definer set search_path = public, pg_temp as $$
  select c.id from customers c
  where c.workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid
    and c.search_text like '%' || replace(replace(replace(wanted, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    and exists (
      select from customer_tags t
      where t.workspace_id = c.workspace_id and t.customer_id = c.id and t.tag = tagged
    )
  order by c.last_seen_at desc
  limit least(most, 100)
$$;
revoke execute on function search_customers_tagged from public;
grant execute on function search_customers_tagged to rapport_app;

create table customers (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text,
  -- Folded for look-up (lower case, no accents); search reads it in a definer function.
  search_text text not null default '',
  kind text not null default 'customer'
    check (kind in ('customer', 'prospect', 'journalist', 'investor', 'partner', 'supplier', 'regulator', 'employee')),
  locale text,
  time_zone text,
  attributes jsonb not null default '{}',
  blocked_at timestamptz,
  blocked_reason text,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  is_sample boolean not null default false,
  primary key (workspace_id, id)
);
create index customers_by_last_seen on customers (workspace_id, last_seen_at desc, id desc);
create index customers_search on customers using gin (workspace_id, search_text gin_trgm_ops);
call own_rows_only('customers');
grant select, insert, update on customers to rapport_app;

create table identities (
  workspace_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  channel text not null,
  -- Ids that are only unique within an account or an instance carry it here; '' where the network's ids are global.
  scope text not null default '',
  external_id text not null check (length(external_id) between 1 and 512),
  handle text,
  name text,
  avatar_url text,
  profile_url text,
  -- Why this identity is believed to be that customer.
  evidence text not null,
  verified boolean not null default false,
  is_bot boolean not null default false,
  reach integer,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (workspace_id, id),
  -- Checked at commit: a new identity is claimed first, and only who won the claim makes the customer.
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade deferrable initially deferred
);
create unique index identities_by_external_id on identities (workspace_id, channel, scope, external_id);
create index identities_of_customer on identities (workspace_id, customer_id);
call own_rows_only('identities');
grant select, insert, update on identities to rapport_app;

create table customer_tags (
  workspace_id uuid not null,
  customer_id uuid not null,
  tag text not null check (length(tag) between 1 and 40),
  tagged_at timestamptz not null,
  primary key (workspace_id, customer_id, tag),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade
);
create index customer_tags_by_tag on customer_tags (workspace_id, tag, customer_id);
call own_rows_only('customer_tags');
grant select, insert, delete on customer_tags to rapport_app;

create table customer_notes (
  workspace_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  author_id uuid,
  body text not null check (length(body) between 1 and 10000),
  created_at timestamptz not null,
  removed_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade
);
create index customer_notes_of_customer on customer_notes (workspace_id, customer_id, created_at);
call own_rows_only('customer_notes');
grant select, insert, update on customer_notes to rapport_app;

-- RLS keeps trigram operators out of index conditions, so search runs here, as owner, and names the workspace itself.
create function search_customers(wanted text, most integer)
  returns table (customer_id uuid) language sql stable security definer set search_path = public, pg_temp as $$
  select id from customers
  where workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid
    and search_text like '%' || replace(replace(replace(wanted, '\', '\\'), '%', '\%'), '_', '\_') || '%'
  order by last_seen_at desc
  limit least(most, 100)
$$;
revoke execute on function search_customers from public;
grant execute on function search_customers to rapport_app;

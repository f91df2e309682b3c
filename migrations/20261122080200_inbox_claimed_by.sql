-- Which node has a message under way, by the number of its lock (platform/db/presence.ts); null: only time tells.
alter table outbound add column claimed_by integer;
create index outbound_claimed on outbound (claimed_by) where state = 'sending' and claimed_by is not null;

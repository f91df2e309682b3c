-- What tells of a message of ours stands beside it, whoever sent the report.
alter table messages drop constraint messages_placed_by_check;
alter table messages add constraint messages_placed_by_check
  check (placed_by in ('thread', 'reply_address', 'follows', 'stranger', 'report', 'new', 'moved', 'split'));

-- A report that all went well is kept apart from one that somebody has to act on.
alter table messages
  drop constraint messages_automatic_check,
  add constraint messages_automatic_check check (automatic in ('reply', 'list', 'report', 'receipt')) not valid;
alter table messages validate constraint messages_automatic_check;

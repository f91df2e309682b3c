-- Answers of a conversation whose customer does not come to read them go on by another channel, several in one message. The line
-- in the thread that says so is what leaves: it has a place in the queue and a state, as answers have.
alter table messages drop constraint messages_check;
alter table messages add constraint messages_state_of_what_leaves
  check (case kind when 'out' then state is not null when 'system' then true else state is null end);
-- The line that took this answer along.
alter table messages add column carried_by uuid;
create index messages_carried on messages (workspace_id, carried_by) where carried_by is not null;

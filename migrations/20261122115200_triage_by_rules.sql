-- What came while the models could not be used is assessed again: this says where it is, and is nearly always empty.
create index message_assessments_by_rules on message_assessments (workspace_id, message_id desc) where source = 'rules';

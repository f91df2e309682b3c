-- How sure the model had been of what it said, so that a correction can be taken back without a trace.
alter table label_corrections add column said_probabilities real[];

-- Counting and listing the quarantine of one connection, without reading that of the others.
create index deliveries_quarantined_of_connection on deliveries (workspace_id, connection_id, received_at desc, id)
  where state = 'quarantined';

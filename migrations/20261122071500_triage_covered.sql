-- Kinds of personal data that the workspace covers in what customers write.
alter table triage_settings add column covered text[] not null
  default '{card,iban,email,phone,ip,id,password,secret}';

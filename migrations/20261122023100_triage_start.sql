-- What was said of each inbound message: by the model, or by a member where `corrected` names the label.
create table message_assessments (
  workspace_id uuid not null,
  message_id uuid not null,
  language text not null,
  sentiment text not null check (sentiment in ('negative', 'neutral', 'positive', 'unsure')),
  negative real not null,
  neutral real not null,
  positive real not null,
  intent text not null,
  complaint real not null,
  emotions text[] not null default '{}',
  topic text,
  urgency real not null,
  -- Kinds, the surest first, and how sure of each.
  severity text[] not null default '{}',
  severity_probabilities real[] not null default '{}',
  needs_person boolean not null default false,
  toxicity text not null,
  toxic real not null,
  spam real not null,
  fault text not null,
  -- Sketch by which near-duplicates are known; '' where there are too few words.
  sketch text not null default '',
  -- How much its label would teach, 0 to 1, and why it would be asked.
  usefulness real not null,
  why text not null check (why in ('torn', 'new', 'sample')),
  reviewed boolean not null default false,
  corrected text[] not null default '{}',
  source text not null check (source in ('shipped', 'workspace', 'large-model', 'rules')),
  assessed_at timestamptz not null,
  primary key (workspace_id, message_id),
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
-- Only what is worth a question: most messages are in no index but the first.
create index message_assessments_useful on message_assessments (workspace_id, usefulness desc, message_id desc)
  where not reviewed and usefulness >= 0.5;
call own_rows_only('message_assessments');
grant select, insert, update, delete on message_assessments to rapport_app;

-- Numbers by which a message is found again by what it has in common with another: pieces of its sketch, and fingerprints of
-- addresses and numbers in it. Nothing refers to a message from here, since most rows are never looked at: they go after two weeks.
create table message_marks (
  workspace_id uuid not null,
  mark bigint not null,
  message_id uuid not null,
  primary key (workspace_id, mark, message_id)
);
call own_rows_only('message_marks');
grant select, insert, delete on message_marks to rapport_app;

-- The word of members, and what had been said before it. A confirmation is a correction to the same value.
create table label_corrections (
  workspace_id uuid not null,
  message_id uuid not null,
  label text not null check (label in ('language', 'sentiment', 'intent', 'topic', 'severity', 'toxicity', 'emotions')),
  said jsonb not null,
  value jsonb not null,
  origin text not null check (origin in ('thread', 'review')),
  -- Picked by chance, so that a figure over these is fair.
  sampled boolean not null,
  corrected_at timestamptz not null,
  corrected_by uuid,
  primary key (workspace_id, message_id, label),
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
create index label_corrections_newest on label_corrections (workspace_id, label, corrected_at desc, message_id desc);
call own_rows_only('label_corrections');
grant select, insert, update, delete on label_corrections to rapport_app;

-- Versions of what a workspace taught.
create table triage_layers (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  kind text not null check (kind in ('sentiment', 'topics')),
  version integer not null,
  state text not null check (state in ('live', 'kept', 'refused')),
  lessons integer not null,
  -- { n, accuracy, before, shipped }
  holdout jsonb,
  reason text not null,
  content bytea not null,
  learned_at timestamptz not null,
  went_live_at timestamptz,
  primary key (workspace_id, id)
);
create unique index triage_layers_by_version on triage_layers (workspace_id, kind, version);
create unique index triage_layers_live on triage_layers (workspace_id, kind) where state = 'live';
call own_rows_only('triage_layers');
grant select, insert, update, delete on triage_layers to rapport_app;

-- Own topics, and those of the default set that were renamed or retired.
create table topics (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  key text not null check (key ~ '^[a-z0-9-]{1,60}$'),
  name text not null check (length(name) between 1 and 60),
  origin text not null check (origin in ('default', 'own')),
  created_at timestamptz not null,
  archived_at timestamptz,
  primary key (workspace_id, key)
);
create unique index topics_by_name on topics (workspace_id, lower(name)) where archived_at is null;
call own_rows_only('topics');
grant select, insert, update on topics to rapport_app;

create table topic_examples (
  workspace_id uuid not null,
  id uuid not null,
  topic text not null,
  text text not null,
  added_at timestamptz not null,
  added_by uuid,
  primary key (workspace_id, id),
  foreign key (workspace_id, topic) references topics (workspace_id, key) on delete cascade
);
create index topic_examples_of_topic on topic_examples (workspace_id, topic, added_at desc);
call own_rows_only('topic_examples');
grant select, insert, delete on topic_examples to rapport_app;

create table priority_policies (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  version integer not null check (version > 0),
  policy jsonb not null,
  note text not null,
  published_at timestamptz not null,
  published_by uuid,
  primary key (workspace_id, version)
);
call own_rows_only('priority_policies');
grant select, insert on priority_policies to rapport_app;

-- When a reason of a conversation changes by itself.
create table priority_steps (
  workspace_id uuid not null,
  conversation_id uuid not null,
  at timestamptz not null,
  primary key (workspace_id, conversation_id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
create index priority_steps_due on priority_steps (workspace_id, at);
call own_rows_only('priority_steps');
grant select, insert, update, delete on priority_steps to rapport_app;

-- Conversations that seem to be one matter of one person: `later_id` was there after `earlier_id`.
create table conversation_proposals (
  workspace_id uuid not null,
  id uuid not null,
  later_id uuid not null,
  earlier_id uuid not null,
  evidence text[] not null,
  strength real not null,
  state text not null default 'open' check (state in ('open', 'accepted', 'dismissed')),
  proposed_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  primary key (workspace_id, id),
  foreign key (workspace_id, later_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, earlier_id) references conversations (workspace_id, id) on delete cascade
);
create unique index conversation_proposals_of_pair on conversation_proposals (workspace_id, later_id, earlier_id);
create index conversation_proposals_of_earlier on conversation_proposals (workspace_id, earlier_id);
create index conversation_proposals_open on conversation_proposals (workspace_id, id desc) where state = 'open';
call own_rows_only('conversation_proposals');
grant select, insert, update on conversation_proposals to rapport_app;

create table triage_settings (
  workspace_id uuid primary key references workspaces (id) on delete cascade,
  show_influence boolean not null default true,
  large_model boolean not null default false,
  daily_tokens integer not null default 100000,
  changed_at timestamptz not null
);
call own_rows_only('triage_settings');
grant select, insert, update on triage_settings to rapport_app;

create table large_model_uses (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  at timestamptz not null,
  model text not null,
  messages integer not null,
  answered integer not null,
  tokens integer not null,
  milliseconds integer not null,
  outcome text not null check (outcome in ('answered', 'failed', 'over_budget')),
  reason text,
  primary key (workspace_id, id)
);
call own_rows_only('large_model_uses');
grant select, insert on large_model_uses to rapport_app;

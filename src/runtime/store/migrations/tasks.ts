/**
 * Rows refer to each other by small integer keys; the ids that people see stand once, in `tasks`. What a clone shares with its template is one
 * row of `configurations`. A task's row holds its place in a queue and its latest attempt too, as a step that is called, runs and ends is one row then, and
 * a page or two to commit; `attempts` holds the earlier ones. A run's tasks are found by their ids.
 */
export const tasks = `
create table configurations (
  key integer primary key, -- of its content
  options text not null,
  code text not null
) strict;

create table tasks (
  key integer primary key,
  id text not null unique,
  run integer references tasks (key),
  root integer references tasks (key), -- the run that nobody called
  path text check (path is null or substr(id, -length(path) - 1) = '/' || path), -- with the unique id: unique in the run
  parent integer references tasks (key),
  name text not null,
  -- By "or": for "in", SQLite makes a table of the six for each row that it writes.
  status text not null check (
    status = 'draft' or status = 'queued' or status = 'running' or status = 'completed' or status = 'failed' or status = 'aborted'
  ),
  configuration integer not null references configurations (key),
  template integer not null default 0 check (template in (0, 1)),
  input text,
  input_bytes integer, -- where it is a blob: then input is its hash
  created_at integer not null,
  queued_at integer,
  queue text, -- where it waits, or has waited last
  priority integer,
  age integer, -- the number of the event that queued it
  not_before integer,
  attempt integer not null default 0,
  agent text, -- of the latest attempt; null when that is among the earlier ones
  started_at integer,
  ended_at integer,
  output text,
  output_bytes integer, -- where it is a blob: then output is its hash
  failure text,
  reason text, -- of an abort
  progress real
) strict;

-- Steps come and go here: one index for what waits and what runs is one page that changes with them.
create index tasks_open on tasks (status, queue, priority desc, age, root, run) where status = 'queued' or status = 'running';
create index tasks_timed on tasks (not_before) where status = 'queued' and not_before is not null;
create index tasks_top_level on tasks (template) where path is null;

create table attempts (
  task integer not null references tasks (key),
  number integer not null check (number > 0),
  agent text not null,
  outcome text not null check (outcome in ('completed', 'failed', 'aborted', 'lost')),
  failure text,
  started_at integer not null,
  ended_at integer not null,
  last integer not null default 0 check (last in (0, 1)), -- did its task end by it, before somebody let it begin anew?
  primary key (task, number)
) strict, without rowid;
`;

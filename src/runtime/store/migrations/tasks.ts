/**
 * Rows refer to each other by small integer keys; the ids that people see stand once, in `tasks`. What a clone shares with its template is one
 * row of `configurations`. An attempt keeps what it came to, so that outputs and failures stand once too. A run's tasks are found by their ids.
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
  path text check (path is null or id like '%/' || path), -- with the unique id: unique in the run
  parent integer references tasks (key),
  name text not null,
  status text not null check (status in ('draft', 'queued', 'running', 'completed', 'failed', 'aborted')),
  configuration integer not null references configurations (key),
  template integer not null default 0 check (template in (0, 1)),
  input text,
  input_bytes integer, -- where it is a blob: then input is its hash
  attempt integer not null default 0,
  progress real,
  reason text, -- of an abort
  created_at integer not null,
  queued_at integer,
  started_at integer,
  ended_at integer
) strict;

create index tasks_running on tasks (run) where status = 'running';
create index tasks_top_level on tasks (template) where path is null;

create table attempts (
  task integer not null references tasks (key),
  number integer not null check (number > 0),
  agent text not null,
  outcome text not null check (outcome in ('running', 'completed', 'failed', 'aborted', 'lost')),
  failure text,
  output text,
  output_bytes integer, -- where it is a blob: then output is its hash
  started_at integer not null,
  ended_at integer,
  primary key (task, number)
) strict, without rowid;
`;

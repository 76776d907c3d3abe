/** A task is in one queue at most: the entry's key is the task. */
export const queue = `
create table entries (
  task integer primary key references tasks (key),
  run integer not null references tasks (key),
  queue text not null,
  priority integer not null,
  age integer not null, -- the number of the event that queued it
  not_before integer
) strict;

create index entries_in_order on entries (queue, priority desc, age);
create index entries_of_run on entries (run, queue, priority desc, age);
create index entries_not_due on entries (not_before) where not_before is not null;

create table agents (
  id text primary key,
  host text not null,
  pid integer not null,
  process_start text not null,
  queues text not null,
  slots integer not null,
  lease_until integer not null
) strict, without rowid;
`;

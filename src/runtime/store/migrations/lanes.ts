/**
 * Lanes: what is limited together. Its running tasks hold it; a task that waits knows its lane, and is held while its lane is full. Starts are
 * kept as long as a rate looks back. A queue with a limit is a lane too, `queue <name>`, of all its tasks.
 */
export const lanes = `
alter table tasks add column lane text;
create index tasks_of_lane on tasks (lane, not_before, root, queue, priority desc, age) where status = 'queued' and lane is not null;

alter table queues add column running_limit integer;

create table holds (
  task integer not null references tasks (key),
  lane text not null,
  primary key (task, lane)
) strict, without rowid;
create index holds_of_lane on holds (lane);

create table starts (
  key integer primary key,
  lane text not null,
  at integer not null
) strict;
create index starts_of_lane on starts (lane, at desc);
`;

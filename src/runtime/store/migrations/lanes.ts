/**
 * Lanes: what is limited together. Its running tasks hold it; of those that wait, an entry knows its lane, and is held while its lane is full. Starts are
 * kept as long as a rate looks back. A queue with a limit is a lane too, `queue <name>`, of all its tasks.
 */
export const lanes = `
alter table entries add column lane text;
create index entries_of_lane on entries (lane, not_before, root, queue, priority desc, age) where lane is not null;

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

/** One writer at a time and autoincrement: numbers rise by one in the order of commits, and none is used again. */
export const events = `
create table events (
  seq integer primary key autoincrement,
  run integer not null references tasks (key),
  task integer not null references tasks (key),
  at integer not null,
  kind text not null,
  attempt integer,
  data text -- what neither the task nor the attempt says, as JSON
) strict;

create index events_of_run on events (run);
`;

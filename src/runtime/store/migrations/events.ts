/** One writer at a time: numbers rise by one in the order of commits. What a transaction says of one run is one row. */
export const events = `
create table events (
  seq integer primary key, -- of the last event in the row
  run integer not null references tasks (key),
  root integer references tasks (key), -- the run that nobody called, where that is another
  at integer not null,
  entries text not null -- JSON, an entry for each event: see events.ts of the store
) strict;

create index events_of_run on events (run);
create index events_of_root on events (root) where root is not null;
`;

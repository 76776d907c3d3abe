/** A series keeps its own summary, of the latest attempt that reported it. NULL stands for NaN, which SQLite cannot keep. */
export const metrics = `
create table series (
  key integer primary key,
  task integer not null references tasks (key),
  title text not null,
  series text not null,
  attempt integer not null,
  last real,
  last_iteration real not null,
  min real,
  max real,
  count integer not null,
  unique (task, title, series)
) strict;

create table points (
  series integer not null references series (key),
  number integer not null,
  attempt integer not null,
  iteration real not null,
  value real,
  at integer not null,
  primary key (series, number)
) strict, without rowid;
`;

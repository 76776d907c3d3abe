export const logs = `
create table logs (
  task integer not null references tasks (key),
  number integer not null, -- from 1
  attempt integer not null,
  stream text not null check (stream in ('stdout', 'stderr')),
  text text not null,
  at integer not null,
  primary key (task, number)
) strict, without rowid;
`;

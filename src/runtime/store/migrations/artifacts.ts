export const artifacts = `
create table artifacts (
  task integer not null references tasks (key),
  name text not null,
  attempt integer not null,
  hash text not null,
  bytes integer not null,
  type text not null,
  preview text,
  created_at integer not null,
  primary key (task, name)
) strict, without rowid;
`;

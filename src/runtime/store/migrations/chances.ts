export const chances = `
create table chances (
  run integer not null references tasks (key),
  path text not null,
  value text not null, -- as JSON
  primary key (run, path)
) strict, without rowid;
`;

export const checkpoints = `
create table checkpoints (
  task integer primary key references tasks (key),
  attempt integer not null,
  content text not null,
  bytes integer, -- where it is a blob: then content is its hash
  saved_at integer not null
) strict;
`;

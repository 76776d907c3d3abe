export const configurationObjects = `
create table configuration_objects (
  task integer not null references tasks (key),
  name text not null,
  kind text not null check (kind in ('json', 'text')),
  content text not null,
  description text,
  primary key (task, name)
) strict, without rowid;
`;

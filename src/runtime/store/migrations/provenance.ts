export const provenance = `
create table provenance (
  task integer primary key references tasks (key),
  content text not null -- as JSON
) strict;
`;

export const agents = `
create table agents (
  id text primary key,
  host text not null,
  pid integer not null,
  process_start text not null,
  queues text not null,
  slots integer not null,
  lease_until integer not null
) strict, without rowid;
`;

/** Queues come and go with their entries; what was said of one stays. An agent may serve one run alone. */
export const queues = `
create table queues (
  name text primary key,
  paused integer not null default 0 check (paused in (0, 1))
) strict, without rowid;

alter table agents add column run text;
`;

/** What the tasks that may be taken from the cache were made of. Those that ran are looked for; those that were taken only say why. */
export const cache = `
create table cache (
  task integer primary key references tasks (key) on delete cascade,
  key text not null,
  code text not null,
  input text not null,
  configuration text not null,
  environment text not null,
  step text not null,
  project text,
  outcome text not null, -- as JSON
  ran integer not null check (ran in (0, 1))
) strict;

create index cache_by_key on cache (key) where ran = 1;
create index cache_by_step on cache (step, task desc) where ran = 1;
`;

/**
 * What tasks leave behind, by the batch: points and lines come in batches, and each is one row. Of a series, `first` numbers its points over all attempts;
 * `columns` holds iterations, values and times, one after the other, as 64-bit floats, which know NaN. Of a log, `lines` is JSON, and `bytes` counts
 * up to the end of the batch. Points that were kept one by one are not taken over.
 */
export const products = `
create table kept (
  task integer not null references tasks (key),
  role text not null check (role in ('input', 'output')),
  name text not null,
  number integer not null, -- in the task: the latest is the highest
  attempt integer not null,
  kind text not null,
  type text not null,
  hash text not null,
  bytes integer not null,
  preview text,
  metadata text,
  model text,
  created_at integer not null,
  primary key (task, role, name)
) strict, without rowid;
insert into kept
  select task, 'output', name, row_number() over (partition by task order by created_at, name), attempt, 'bytes', type, hash, bytes, preview,
    null, null, created_at
  from artifacts;
drop table artifacts;
alter table kept rename to artifacts;

create table uploads (
  task integer not null references tasks (key),
  role text not null,
  name text not null,
  attempt integer not null,
  primary key (task, role, name)
) strict, without rowid;

drop table points;
delete from series;
alter table series add column total integer not null default 0; -- points of all attempts
create table points (
  series integer not null references series (key),
  first integer not null, -- from 1
  attempt integer not null,
  columns blob not null,
  primary key (series, first)
) strict;

create table figures (
  task integer not null references tasks (key),
  kind text not null check (kind in ('plot', 'text')),
  title text not null,
  iteration real not null,
  attempt integer not null,
  content text not null,
  at integer not null,
  primary key (task, kind, title, iteration)
) strict;

create table log_batches (
  seq integer primary key autoincrement, -- in the order of commits, over all tasks
  task integer not null references tasks (key),
  first integer not null, -- from 1
  count integer not null,
  attempt integer not null,
  bytes integer not null,
  lines text not null
) strict;
create unique index log_batches_of_task on log_batches (task, first);
insert into log_batches (task, first, count, attempt, bytes, lines)
  select task, number, 1, attempt, sum(length(text)) over (partition by task order by number), json_array(json_array(at, stream, text))
  from logs;
drop table logs;
alter table log_batches rename to logs;
`;

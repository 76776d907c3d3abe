/**
 * What people say of a task, and what they may still change. A published task is read-only, and only what is a draft, or runs by itself, has
 * parameters that may change: the database holds both. Lists by name and project are of tasks that are no steps: those have no place in the indexes.
 */
export const cards = `
alter table tasks add column comment text;
alter table tasks add column archived integer not null default 0 check (archived in (0, 1));
alter table tasks add column published integer not null default 0
  check (published = 0 or published = 1 and status in ('completed', 'failed', 'aborted'));

create index tasks_by_name on tasks (name) where path is null;
create index tasks_by_configuration on tasks (configuration) where path is null;
create index tasks_by_parent on tasks (parent) where path is null;

create trigger published_is_read_only
before update of name, comment, configuration, input, input_bytes on tasks
when old.published = 1 and (new.name, new.comment, new.configuration, new.input, new.input_bytes)
  is not (old.name, old.comment, old.configuration, old.input, old.input_bytes)
begin
  select raise(abort, 'a published task cannot be changed');
end;

create trigger parameters_are_of_drafts
before update of input, input_bytes on tasks
when old.status not in ('draft', 'running') and (new.input, new.input_bytes) is not (old.input, old.input_bytes)
begin
  select raise(abort, 'only a draft can be edited');
end;
`;

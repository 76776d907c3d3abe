export const resources = `
alter table tasks add column resources text; -- what the task needs, as JSON; of most tasks, nothing
alter table agents add column resources text;
`;

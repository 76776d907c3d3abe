/** Attempts by which their task had ended, before somebody let it begin anew. */
export const lastAttempts = `
alter table attempts add column last integer not null default 0 check (last in (0, 1));
`;

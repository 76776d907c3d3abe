/** Pipelines are blobs by their own hash; bundles have a hash of their own, and the blob that holds them. */
export const pipelines = `
create table pipelines (
  hash text primary key,
  controller integer not null references tasks (key)
) strict, without rowid;

create table bundles (
  hash text primary key,
  blob text not null
) strict, without rowid;
`;

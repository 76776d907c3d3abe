/** Who may speak to a hub: hashes of secrets, never the secrets. */
export const tokens = `
create table tokens (
  id text primary key,
  name text not null,
  role text not null,
  hash text not null unique,
  created_at real not null,
  expires_at real,
  revoked_at real
) strict, without rowid;
`;

import type { Provenance } from "../../model/provenance.ts";
import type { Provenances } from "../ports.ts";
import type { Tables } from "./tables.ts";

export function provenancesOf({ database }: Tables): Provenances {
  return {
    keep: (task, provenance) =>
      database.change(() => {
        database.run(
          "insert into provenance (task, content) select key, ? from tasks where id = ? on conflict do nothing",
          JSON.stringify(provenance),
          task,
        );
      }),
    of: (task) =>
      database.read(() => {
        const row = database.get<{ content: string }>(
          "select content from provenance where task = (select key from tasks where id = ?)",
          task,
        );
        return row && (JSON.parse(row.content) as Provenance);
      }),
  };
}

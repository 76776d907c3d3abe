import type { Provenance } from "../../model/provenance.ts";
import type { Provenances } from "../ports.ts";
import type { Tables } from "./tables.ts";

export function provenancesOf({ database, rows, write }: Tables): Provenances {
  return {
    keep: (task, provenance) =>
      database.change(() => {
        const row = rows.get(task);
        if (row === undefined) return;
        // The row comes first: it may be new.
        if (row.unwritten === "row") write();
        database.run(
          "insert into provenance (task, content) values (?, ?) on conflict do nothing",
          row.key,
          textOf(provenance),
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

/** Many runs have the same one. */
const texts = new WeakMap<Provenance, string>();

function textOf(provenance: Provenance): string {
  let text = texts.get(provenance);
  if (text === undefined) {
    text = JSON.stringify(provenance);
    texts.set(provenance, text);
  }
  return text;
}

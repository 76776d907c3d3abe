/** Configuration objects: what a task is told beside its parameters, by name. */
import type { ConfigurationObject } from "../../model/configuration.ts";
import type { Json } from "../../model/json.ts";
import type { TaskId } from "../../model/task.ts";
import type { ConfigurationEdit } from "../ports.ts";
import type { Tables } from "./tables.ts";

/** Inside a read. By name. */
export function configurationOf({ database }: Tables, task: TaskId): ConfigurationObject[] {
  return database
    .all<ObjectRow>(
      "select name, kind, content, description from configuration_objects where task = (select key from tasks where id = ?) order by name",
      task,
    )
    .map(({ name, kind, content, description }) => ({
      name,
      ...(kind === "json" ? { json: JSON.parse(content) as Json } : { text: content }),
      ...(description !== null && { description }),
    }));
}

/** Inside an operation, as below. The same name again replaces it; its description stays where none is given; `null` takes it away. */
export function writeConfiguration(
  { database }: Tables,
  task: number,
  name: string,
  content: ConfigurationEdit | null,
): void {
  if (content === null) {
    database.run("delete from configuration_objects where task = ? and name = ?", task, name);
    return;
  }
  const [kind, text] = "json" in content ? ["json", JSON.stringify(content.json)] : ["text", content.text];
  database.run(
    `insert into configuration_objects (task, name, kind, content, description) values (?, ?, ?, ?, ?)
     on conflict (task, name) do update set kind = excluded.kind, content = excluded.content,
       description = coalesce(excluded.description, description)`,
    task,
    name,
    kind,
    text,
    content.description,
  );
}

export function copyConfiguration({ database }: Tables, from: number, to: number): void {
  database.run(
    `insert into configuration_objects (task, name, kind, content, description)
     select ?, name, kind, content, description from configuration_objects where task = ?`,
    to,
    from,
  );
}

type ObjectRow = { name: string; kind: "json" | "text"; content: string; description: string | null };

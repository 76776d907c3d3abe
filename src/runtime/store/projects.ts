/** Projects: they are there as long as tasks name them. */
import { projectsAround } from "../../model/project.ts";
import type { Project } from "../ports.ts";
import type { Tables } from "./tables.ts";

/** Inside a read. By name; a project counts what is in those below it. */
export function listProjects({ database }: Tables): Project[] {
  const named = database.all<{ project: string; tasks: number }>(
    `select c.options ->> 'project' as project, count(*) as tasks from tasks t join configurations c on c.key = t.configuration
     where t.path is null and t.template = 0 and t.archived = 0 and c.options ->> 'project' is not null group by 1`,
  );
  const counts = new Map<string, number>();
  for (const { project, tasks } of named)
    for (const name of projectsAround(project)) counts.set(name, (counts.get(name) ?? 0) + tasks);
  return [...counts].map(([name, tasks]) => ({ name, tasks })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

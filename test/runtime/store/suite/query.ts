import { describe, expect, test } from "vitest";
import type { TaskFilter } from "../../../../src/runtime/ports.ts";
import { completed, draft } from "./drafts.ts";
import type { OpenStore } from "./fixtures.ts";

export function querySuite(open: OpenStore): void {
  describe("tasks are found", () => {
    test.each<[string, TaskFilter, string]>([
      ["by project, with those below it", { project: "vision" }, "c b a"],
      ["by the whole name of a project", { project: "vision/digits" }, "b"],
      ["not by a part of a project's name", { project: "vis" }, ""],
      ["by name", { name: "train" }, "d c"],
      ["by a tag", { tags: ["good"] }, "b a"],
      ["by tags together", { tags: ["good", "fast"] }, "a"],
      ["without a tag", { tags: ["-good"], project: "vision" }, "c"],
      ["by text in name, id or comment, in whatever case", { text: "TRAI" }, "d c a"],
      ["by one of several statuses", { status: ["completed", "failed"] }, "d"],
      ["by the task that they were cloned from", { parent: "a" }, "b"],
      ["by type", { type: "testing" }, "c"],
      ["that are archived", { archived: true }, "c"],
      ["that are not archived", { archived: false, project: "vision" }, "b a"],
      ["in order of their names", { order: "name" }, "b a d c"],
      ["in order of their ends, those without one last", { order: "-ended" }, "d c b a"],
    ])("%s", async (_, filter, expected) => {
      await using store = await open();
      await store.tasks.create(
        draft("a", { project: "vision", tags: ["good", "fast"] }, { name: "load", comment: "trains no more" }),
      );
      await store.tasks.clone("a", {
        id: "b",
        name: "clean",
        comment: "",
        options: { type: "training", queue: "default", project: "vision/digits", tags: ["good"] },
      });
      await store.tasks.create(draft("c", { project: "vision-2", type: "testing" }, { name: "train" }));
      await store.tasks.edit("c", { project: "vision/faces" });
      await store.tasks.archive("c", true);
      await completed(store, "d", { name: "train" });
      expect((await store.tasks.list(filter)).map(({ id }) => id).join(" ")).toBe(expected);
    });

    test("in projects, each of which counts what is below it", async () => {
      await using store = await open();
      for (const [id, project] of [
        ["a", "vision"],
        ["b", "vision/digits"],
        ["c", "vision/digits/old"],
        ["d", "text"],
      ] as const)
        await store.tasks.create(draft(id, { project }));
      expect(await store.tasks.projects()).toEqual([
        { name: "text", tasks: 1 },
        { name: "vision", tasks: 3 },
        { name: "vision/digits", tasks: 2 },
        { name: "vision/digits/old", tasks: 1 },
      ]);
    });
  });
}

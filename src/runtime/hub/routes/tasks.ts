import * as z from "zod";
import type { Failure } from "../../../model/failure.ts";
import { keptOptionsSchema, keptOverridesSchema } from "../../../model/options-schema.ts";
import { type Code, type Stored, type Task, taskStatuses } from "../../../model/task.ts";
import { hashSchema, jsonSchemaSchema } from "../../../model/template-schema.ts";
import { type Draft, type Edit, type TaskFilter, taskOrders } from "../../ports.ts";
import type { Ports } from "../api.ts";
import type { ShapesOf } from "./shape.ts";

export const id = z.string().min(1).max(4_000);
/** Milliseconds since 1970. */
export const time = z.number();
/** JSON knows neither NaN nor the infinities: they travel as `{ "$number": "NaN" }`. */
export const anyNumber = z.custom<number>((value) => typeof value === "number", "not a number");
export const attempt = z.int().nonnegative();

export const stored: z.ZodType<Stored> = z
  .union([z.strictObject({ text: z.string() }), z.strictObject({ blob: hashSchema, bytes: z.int().nonnegative() })])
  .meta({ id: "Stored" });

export const failure: z.ZodType<Failure> = z
  .strictObject({
    name: z.string(),
    ownName: z.string().optional(),
    classes: z.array(z.string()).optional(),
    message: z.string(),
    stack: z.string().optional(),
    at: z.string().optional(),
    step: z.string().optional(),
    get cause(): z.ZodOptional<z.ZodType<Failure>> {
      return failure.optional();
    },
    get errors(): z.ZodOptional<z.ZodArray<z.ZodType<Failure>>> {
      return z.array(failure).optional();
    },
    retryAfterMs: z.number().optional(),
  })
  .meta({ id: "Failure" });

const code: z.ZodType<Code> = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("controller"), pipeline: hashSchema, definition: z.string().optional() }),
    z.strictObject({
      kind: z.literal("code"),
      bundle: hashSchema,
      export: z.string(),
      input: jsonSchemaSchema.optional(),
    }),
    z.strictObject({
      kind: z.literal("script"),
      entry: z.string(),
      bundle: hashSchema.optional(),
      input: jsonSchemaSchema.optional(),
    }),
    z.strictObject({
      kind: z.literal("command"),
      run: z.array(z.string()).min(1),
      files: hashSchema.optional(),
      input: jsonSchemaSchema.optional(),
    }),
  ])
  .meta({ id: "Code" });

const status = z.enum(taskStatuses);

export const task: z.ZodType<Task> = z
  .strictObject({
    id,
    name: z.string(),
    project: z.string().optional(),
    run: id.optional(),
    path: z.string().optional(),
    parent: id.optional(),
    status,
    options: keptOptionsSchema,
    code,
    template: z.boolean(),
    input: stored.optional(),
    output: stored.optional(),
    failure: failure.optional(),
    attempt,
    progress: z.number().optional(),
    comment: z.string().optional(),
    published: z.literal(true).optional(),
    archived: z.literal(true).optional(),
    createdAt: time,
    queuedAt: time.optional(),
    startedAt: time.optional(),
    endedAt: time.optional(),
  })
  .meta({ id: "Task" });

const content = [{ json: z.json() }, { text: z.string() }] as const;
const edited = { description: z.string().optional() };
const configurationEdit = z.union(content.map((each) => z.strictObject({ ...each, ...edited })));
const configurationObject = z.union(content.map((each) => z.strictObject({ name: z.string(), ...each, ...edited })));

const draftShape = {
  id,
  name: z.string(),
  options: keptOptionsSchema,
  parent: id.optional(),
  input: stored.optional(),
  comment: z.string().optional(),
  configuration: z.record(z.string(), configurationEdit).optional(),
};
const draft: z.ZodType<Draft> = z.strictObject({ ...draftShape, code }).meta({ id: "Draft" }) as z.ZodType<Draft>;

const editShape = {
  name: z.string().optional(),
  comment: z.string().nullable().optional(),
  tags: z.array(z.string()).optional(),
  project: z.string().nullable().optional(),
  input: z.strictObject({ from: stored.optional(), to: stored.optional() }).optional(),
  options: keptOverridesSchema.optional(),
  configuration: z.record(z.string(), configurationEdit.nullable()).optional(),
} satisfies { [Name in keyof Edit]: unknown };
const { input, configuration } = editShape;

const orders = taskOrders.flatMap((order) => [order, `-${order}`] as const);

const filter = z.strictObject({
  run: id.optional(),
  topLevel: z.boolean().optional(),
  project: z.string().optional(),
  name: z.string().optional(),
  tags: z.array(z.string()).optional(),
  type: z.string().optional(),
  status: z.array(status).optional(),
  parent: id.optional(),
  text: z.string().optional(),
  templates: z.boolean().optional(),
  archived: z.boolean().optional(),
  order: z.enum(orders).optional(),
  limit: z.int().nonnegative().optional(),
}) satisfies z.ZodType<TaskFilter>;

const attemptRecord = z
  .strictObject({
    task: id,
    number: attempt,
    agent: z.string(),
    outcome: z.enum(["running", "completed", "failed", "aborted", "lost"]),
    failure: failure.optional(),
    startedAt: time,
    endedAt: time.optional(),
  })
  .meta({ id: "Attempt" });

const reason = z.strictObject({ reason: z.string() });

export const tasks: ShapesOf<Ports["tasks"]> = {
  get: { says: "a task", gives: task },
  list: { says: "tasks: the newest first, or as `order` says", takes: filter, gives: z.array(task) },
  attempts: { says: "the attempts of a task", gives: z.array(attemptRecord) },
  projects: {
    says: "projects that have tasks, each with those around it",
    gives: z.array(z.strictObject({ name: z.string(), tasks: z.int() })),
  },
  configuration: { says: "the configuration objects of a task", gives: z.array(configurationObject) },
  create: { says: "makes a draft", takes: z.strictObject({ ...draftShape, code }), gives: task },
  clone: {
    says: "makes a draft with a task's name, code, options, parameters and configuration",
    takes: z.strictObject({ ...z.strictObject(draftShape).partial().shape, id }),
    gives: task,
  },
  edit: {
    says: "changes a draft; what is said for people, until it is published",
    takes: z.strictObject(editShape),
    gives: task,
  },
  record: {
    says: "what a running attempt takes for its own parameters and configuration",
    takes: z.strictObject({ attempt, what: z.strictObject({ input, configuration }) }),
    gives: z.boolean(),
  },
  begin: {
    says: "makes a task that runs at once, as the first attempt of an agent: a process that makes itself a task",
    takes: z.strictObject({ draft, agent: z.string() }),
    gives: task,
  },
  enqueue: {
    says: "a draft, or one that failed or was aborted, waits for an agent from then on",
    takes: z.strictObject({ queue: z.string().min(1).optional() }),
    gives: task,
  },
  dequeue: { says: "one that waits is a draft again", gives: task },
  abort: {
    says: "aborts a task, and of a run whatever runs for it; false where it had ended",
    takes: reason,
    gives: z.boolean(),
  },
  reset: { says: "one that ended is a draft again: what it has made is gone", gives: task },
  delete: { says: "deletes a draft, or a task that has ended, and all that ran for it" },
  publish: { says: "makes a task read-only", gives: task },
  archive: { says: "puts a task aside, or back", takes: z.strictObject({ archived: z.boolean() }), gives: task },
  unserved: { says: "notes as an event that no living agent serves the queue in which it waits" },
  installing: {
    says: "notes as an event for which packages an attempt waits; for none any more, when they are there",
    takes: z.strictObject({ attempt, packages: z.array(z.string().min(1).max(400)).max(1_000) }),
  },
};

export const abortReason = reason;

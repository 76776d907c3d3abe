/** What is tested: a pipeline, and what a test knows of the types and the functions around it. */
import type { PipelineClass } from "../dsl/class/pipeline.ts";
import type { PipelineGraph } from "../dsl/graph/graph.ts";
import type { PipelineFunction, PipelineSource } from "../source.ts";
import { TestError } from "./error.ts";

/** The exports of the pipeline's file (`import * as module from "./pipeline.ts"`), more steps added or not; the default one is tested. */
export type ModuleOf = { readonly default: PipelineFunction | PipelineClass | PipelineGraph };

/** What is tested: whatever a program may start, or the exports of its file, which also say the types of its steps. */
export type Subject = PipelineSource | ModuleOf;

/** The pipeline as a function of its params; a graph and JSON say nothing of their types. */
export type BodyOf<S> = S extends { readonly default: infer Default }
  ? BodyOf<Default>
  : S extends PipelineClass<infer Run>
    ? Extract<Run, PipelineFunction>
    : S extends PipelineFunction
      ? S
      : (params?: object) => Promise<unknown>;

/** The steps and pipelines that may be called, by name, as functions; unknown where only the pipeline itself was given, or JSON. */
export type CalleesOf<S> = S extends { readonly default: infer Default }
  ? Omit<S, "default"> & (Default extends PipelineClass ? CalleesOf<Default> : unknown)
  : S extends PipelineClass
    ? Omit<InstanceType<S>, "run">
    : unknown;

// biome-ignore lint/suspicious/noExplicitAny: of a step whose type is not known, a test may say what it knows
export type AnyStep = (input?: any) => Promise<any>;

/** Where they are known, by the names that they have there. */
export type NamesOf<S> =
  unknown extends CalleesOf<S>
    ? string
    : { [K in keyof CalleesOf<S>]: CalleesOf<S>[K] extends PipelineFunction ? K : never }[keyof CalleesOf<S>] & string;

export type StepOf<S, Name> = Name extends keyof CalleesOf<S>
  ? CalleesOf<S>[Name] extends PipelineFunction
    ? CalleesOf<S>[Name]
    : AnyStep
  : AnyStep;

export type InputOf<F extends PipelineFunction> = Parameters<F>[0];
export type OutputOf<F extends PipelineFunction> = Awaited<ReturnType<F>>;

/** The pipeline, and what is beside it. Throws a TestError for a module without a default export. */
export function readSubject(subject: Subject): { source: PipelineSource; beside: object } {
  if (isModule(subject)) return { source: subject.default, beside: { ...subject, ...besideOf(subject.default) } };
  if (Object.prototype.toString.call(subject) === "[object Module]")
    throw new TestError(
      "the module that was given has no default export: give the pipeline itself, or { ...module, default: module.prepare } to know its steps too",
    );
  return { source: subject, beside: besideOf(subject) };
}

/** JSON and a graph may have whatever fields, but this one only a module has. */
const isModule = (subject: Subject): subject is ModuleOf =>
  typeof subject === "object" && subject !== null && "default" in subject;

/** The steps of a class are methods of its instances. */
const besideOf = (source: PipelineSource): object => (isClass(source) ? new source() : {});

const isClass = (source: PipelineSource): source is PipelineClass =>
  typeof source === "function" && typeof source.prototype?.run === "function";

/** The steps of a test: fakes where it gives some, the author's own functions where it does not. */
import { join } from "node:path";
import { declarationOf } from "../dsl/declaration.ts";
import { stepContext } from "../model/context.ts";
import { definitionOf } from "../model/definition.ts";
import { failureOf } from "../model/failure.ts";
import { misfits } from "../model/params.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { sourceName } from "../model/print-expression.ts";
import type { JsonSchema } from "../model/template.ts";
import { decode, encode } from "../model/value.ts";
import { type Bundles, createBundles } from "../runtime/agent/bundles.ts";
import { runStep } from "../runtime/agent/executors/run-step.ts";
import type { StepCall } from "../runtime/agent/executors/step-call.ts";
import type { BoundContext } from "../runtime/agent/executors/step-context.ts";
import { createPackageSets } from "../runtime/agent/packages.ts";
import type { Result } from "../runtime/ports.ts";
import { TestError } from "./error.ts";
import type { Names } from "./names.ts";
import type { AnyStep, InputOf, NamesOf, OutputOf, StepOf } from "./subject.ts";

/**
 * What stands for steps, by their names: functions of the same input that give what the step gives, or throw. They may be async. One that stands for a
 * pipeline which is called makes a step of it.
 */
export type Fakes<S> = {
  readonly [Name in NamesOf<S>]?: (
    input: InputOf<StepOf<S, Name>>,
  ) => OutputOf<StepOf<S, Name>> | Promise<OutputOf<StepOf<S, Name>>>;
};

/**
 * Errors for steps, by their names: the first attempt that is made at the step fails with the first error, and so on; where there is `undefined`, and after
 * the last, attempts do what they do.
 */
export type Failures<S> = { readonly [Name in NamesOf<S>]?: readonly (Error | undefined)[] };

type Given = {
  steps?: { readonly [name: string]: AnyFake | undefined } | undefined;
  fail?: { readonly [name: string]: readonly (Error | undefined)[] | undefined } | undefined;
};
type AnyFake = (input: never) => unknown;

/** An attempt at a step. `input` is encoded. */
type Call = Pick<StepCall, "id" | "name" | "attempt" | "createdAt" | "spools"> & {
  template: string;
  input: string | undefined;
};

export class Steps {
  readonly #pipeline: Pipeline;
  readonly #bundles: Bundles;
  readonly #fakes: Map<string, AnyFake>;
  readonly #failures: Map<string, (Error | undefined)[]>;
  readonly #functions: Map<string, AnyStep>;

  /**
   * `beside`: what the test has imported with the pipeline; its steps are called rather than their bundles, which are kept in `folder`. Throws a TestError
   * where `given` names a step that the pipeline does not have.
   */
  constructor(
    { pipeline, beside, names, folder }: { pipeline: Pipeline; beside: object; names: Names; folder: string },
    { steps = {}, fail = {} }: Given,
  ) {
    this.#pipeline = pipeline;
    const packageSets = createPackageSets({ folder: join(folder, "packages") });
    this.#bundles = createBundles({ bundle: async (hash) => pipeline.bundles[hash]! }, folder, packageSets);
    this.#fakes = new Map(
      given(steps).map(([name, fake]) => {
        const step = names.find(name, "steps");
        if (typeof fake === "function") return [step, fake];
        throw new TestError(`steps: what stands for "${name}" is no function: write ${name}: (input) => …`);
      }),
    );
    this.#failures = new Map(
      given(fail).map(([name, errors]) => {
        const step = names.find(name, "fail");
        if (Array.isArray(errors)) return [step, [...errors]];
        throw new TestError(`fail: what "${name}" fails with is no list: write ${name}: [new Error("…")]`);
      }),
    );
    this.#functions = functionsIn(beside, pipeline);
  }

  /** A pipeline that nothing stands for is a run. */
  isRun(template: string): boolean {
    return this.#pipeline.templates[template]!.kind === "pipeline" && this.#fakeOf(template) === undefined;
  }

  /** What the next attempt at it fails with, if it is to. */
  takeFailure(template: string): Error | undefined {
    return (this.#failures.get(template) ?? this.#failures.get(sourceName(template)))?.shift();
  }

  /** Rejects with a TestError where a fake gives what the step could not give. */
  async perform(call: Call, bound: BoundContext): Promise<Result> {
    const fake = this.#fakeOf(call.template);
    const own = this.#functions.get(call.template);
    if (fake === undefined && own === undefined) return this.#performBundled(call, bound);
    const run = (fake ?? own) as AnyStep;
    let output: unknown;
    try {
      output = await stepContext.run(bound.context, () =>
        run(call.input === undefined ? undefined : decode(call.input)),
      );
      if (fake === undefined) return completed(encoded(output, `the output of step "${call.name}"`));
    } catch (thrown) {
      return { outcome: "failed", failure: failureOf(thrown) };
    }
    return completed(this.#checked(output, call));
  }

  /** The step as a run has it: the code that the pipeline JSON carries. */
  async #performBundled({ template: name, ...call }: Call, bound: BoundContext): Promise<Result> {
    const template = this.#pipeline.templates[name]!;
    if (template.kind !== "code")
      throw new TestError(
        `"${call.name}" is a task of a store, which a test does not have: let something stand for it, steps: { ${call.name}: (input) => … }`,
      );
    const { input, ...rest } = call;
    const { signal } = bound.context;
    const entry = await this.#bundles.entry(template.bundle, {
      say: (line) => console.error(line),
      installing: async () => {},
      signal,
    });
    const end = await runStep(
      { ...rest, entry, export: template.export, ...(input !== undefined && { input: { text: input } }) },
      bound,
    );
    return end.end === "threw" ? { outcome: "failed", failure: end.failure } : completed(end.output);
  }

  #checked(output: unknown, { template, name }: Call): string | undefined {
    const what = `the fake of "${name}"`;
    let text: string | undefined;
    try {
      text = encoded(output, `what ${what} gave`);
    } catch (error) {
      throw new TestError((error as Error).message);
    }
    const schema = this.#outputOf(template);
    const problems = schema === undefined ? [] : misfits(schema, output);
    if (problems.length === 0) return text;
    throw new TestError(`${what} gave what "${name}" does not give: ${problems.join("; ")}`);
  }

  #outputOf(name: string): JsonSchema | undefined {
    const template = this.#pipeline.templates[name]!;
    return template.kind === "pipeline" ? definitionOf(this.#pipeline, template.pipeline)?.result : template.output;
  }

  #fakeOf(template: string): AnyFake | undefined {
    return this.#fakes.get(template) ?? this.#fakes.get(sourceName(template));
  }
}

const given = <T>(options: { readonly [name: string]: T | undefined }): [string, T][] =>
  Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));

/** Steps of other files may have the same names. */
function functionsIn(beside: object, { templates }: Pipeline): Map<string, AnyStep> {
  const found = new Map<string, AnyStep>();
  for (const value of Object.values(beside)) {
    const { kind, name, file } = declarationOf(value) ?? {};
    for (const [key, template] of Object.entries(templates))
      if (kind === "step" && sourceName(key) === name && template.kind === "code" && isIn(file, template.at))
        found.set(key, value as AnyStep);
  }
  return found;
}

/** Methods of a class know no file. `at`: `file:line:column`, the file from the project's folder. */
const isIn = (file: string | undefined, at: string | undefined): boolean =>
  file === undefined || at === undefined || file.replaceAll("\\", "/").endsWith(`/${at.split(":")[0]}`);

/** Absent where nothing was returned. */
const encoded = (output: unknown, what: string): string | undefined =>
  output === undefined ? undefined : encode(output, what);

const completed = (text: string | undefined): Result => ({
  outcome: "completed",
  ...(text !== undefined && { output: { text } }),
});

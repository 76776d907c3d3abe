/**
 * The catalogue of problems outside the body: 1xxx finding steps and pipelines and their options, 2xxx types and schemas, 4xxx bundles.
 * The body's own (3xxx) are in `lower/problems.ts`.
 */
import type { Details, Rule } from "./problem.ts";

const rule = (number: string, message: (d: Details) => string, remedy: (d: Details) => string): Rule => ({
  number,
  message,
  remedy,
});

export const rules = {
  noFile: rule(
    "RP1001",
    (d) => `There is no file ${d.file}.`,
    () => "Give the path of a TypeScript file.",
  ),
  noPipeline: rule(
    "RP1002",
    (d) => `${d.file} declares no pipeline.`,
    () => 'Declare one at the top level: export default pipeline("my pipeline", async () => { … });',
  ),
  manyPipelines: rule(
    "RP1003",
    (d) => `${d.file} declares several pipelines: ${d.pipelines}.`,
    () => "Say which one by --pipeline NAME, or make one of them the default export.",
  ),
  unknownPipeline: rule(
    "RP1004",
    (d) => `${d.file} declares no pipeline "${d.wanted}".`,
    (d) => `Choose one of: ${d.pipelines}.`,
  ),
  notAsync: rule(
    "RP1005",
    (d) => `The function of ${d.what} is not async: it gives ${d.gives}.`,
    () => "Write `async` before the function.",
  ),
  generator: rule(
    "RP1006",
    (d) => `The function of ${d.what} is a generator.`,
    () => "Write an async function that returns one value, such as an array of what it would yield.",
  ),
  manyParameters: rule(
    "RP1007",
    (d) => `The function of ${d.what} takes ${d.count} parameters.`,
    () => "Take one object, and destructure it: async ({ rows, depth }: { rows: Row[]; depth: number }) => …",
  ),
  noFunction: rule(
    "RP1008",
    (d) => `${d.what} is given no function.`,
    () => "Give an async function as the last argument.",
  ),
  bodyOutOfSight: rule(
    "RP1009",
    (d) => `The body of ${d.what} cannot be read here: it is not a function written in this project.`,
    () => "Write the async function right in the call of pipeline(…), or name a function that this project declares.",
  ),
  stepNotAtTop: rule(
    "RP1010",
    (d) => `The ${d.kind} "${d.name}" is not declared at the top level of a module.`,
    (d) => `Move it there: const ${d.name} = ${d.kind}(async …);`,
  ),
  stepNotConst: rule(
    "RP1011",
    (d) => `The ${d.kind} "${d.name}" is held by a variable that may change.`,
    (d) => `Hold it in a const: const ${d.name} = ${d.kind}(async …);`,
  ),
  noName: rule(
    "RP1012",
    (d) => `This ${d.kind} has no name: no variable holds it.`,
    (d) => `Write const myName = ${d.kind}(…), or give it the option name.`,
  ),
  dynamicOption: rule(
    "RP1013",
    (d) => `The option ${d.option} of ${d.what} is not known before the program runs.`,
    () => "Write a literal, or a const that holds one: options are part of the compiled pipeline.",
  ),
  unknownOption: rule(
    "RP1014",
    (d) => `${d.what} has an option \`${d.option}\`, which does not exist.`,
    (d) => `The options are ${d.options}.`,
  ),
  badOption: rule(
    "RP1015",
    (d) => `The option ${d.option} of ${d.what} is wrong: ${d.reason}.`,
    (d) => `It takes ${d.takes}.`,
  ),
  tooDeep: rule(
    "RP1016",
    (d) => `This is nested too deep: ${d.why}.`,
    () =>
      "Take inner parts out into constants, functions or steps of their own; put what is long rather than deep into an array, and go through that.",
  ),
  whichTask: rule(
    "RP1017",
    (d) => `It is not said which task ${d.what} is.`,
    () => 'Name it: template<In, Out>({ project: "examples", name: "train" }), or by { id }.',
  ),
  noRun: rule(
    "RP1101",
    (d) => `The class of ${d.what} has no method \`run\`.`,
    () => "The method is the pipeline's body: async run({ target }: { target: number }) { … }",
  ),
  classNeedsArguments: rule(
    "RP1102",
    (d) => `The class of ${d.what} is not made without arguments, as a run and each of its steps must make it.`,
    () => "Let `run` take them as the pipeline's params, and pass them to the steps that need them.",
  ),
  stepPlace: rule(
    "RP1103",
    (d) => `\`@step\` stands on ${d.found}.`,
    () =>
      "Put it on a method with a plain name, neither static nor private: @step async fit({ rows }: { rows: Row[] }) { … }",
  ),
  experimentalDecorators: rule(
    "RP1104",
    () => "These are decorators of the standard, and `experimentalDecorators` asks for those from before it.",
    () => "Take `experimentalDecorators` out of tsconfig.json.",
  ),
  graphFailed: rule(
    "RP1201",
    (d) => `The graph "${d.name}" cannot be put together: ${d.message}.`,
    () => "The program that builds it runs when it is compiled: mend it there.",
  ),
  graphStep: rule(
    "RP1202",
    (d) => `The graph calls "${d.name}", whose declaration is not in this project.`,
    () =>
      "Declare the step by step(…), or the class whose method it is, at the top level of a module of this project, and pass it to g.step(…).",
  ),
  graphUnfinished: rule(
    "RP1204",
    (d) => `The program that puts the graph "${d.name}" together does not end: ${d.reason}.`,
    () =>
      "It runs when it is compiled, up to the end of its module. Where it needs more time, say how much: REPRISE_GRAPH_LIMIT=5m.",
  ),
  plainCondition: rule(
    "RP1203",
    (d) =>
      `\`${d.text}\` is a reference: its value is there only when the graph runs, and as a condition it always holds.`,
    () => 'Decide in the graph: g.branch("name", condition, { then: () => … }), or cond(condition, a, b) for a value.',
  ),
  cannotCross: rule(
    "RP2001",
    (d) => `${d.what}${d.path ? `, at \`${d.path}\`,` : ""} is ${d.found}, which cannot be passed between steps.`,
    () =>
      "Pass plain data, Map, Set, Date, RegExp, URL, bigint, typed arrays, errors or artifacts; build the rest inside the step.",
  ),
  bundleFailed: rule(
    "RP4001",
    (d) => `The code of ${d.what} cannot be bundled: ${d.reason}.`,
    () => "Mend the import; every module that a step uses must be there when the pipeline is compiled.",
  ),
  missingFile: rule(
    "RP4002",
    (d) => `The file ${d.path} ${d.reason}.`,
    () => "A step's data file travels with the pipeline: name one file that exists, relative to the module.",
  ),
  ownFolder: rule(
    "RP4003",
    (d) => `\`${d.expression}\` is another folder where the step runs: the files beside this module are not there.`,
    () => 'Name each file by new URL("./the-file", import.meta.url): then it travels with the step.',
  ),
} satisfies Record<string, Rule>;

/** One of TypeScript's own errors, by its number and in its words. */
export function typescriptRule(code: number): Rule {
  return rule(
    `TS${code}`,
    (d) => d.text as string,
    () => "This is TypeScript's own error: mend the types.",
  );
}

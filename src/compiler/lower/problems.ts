/** The problems of the body language: what cannot stand in a pipeline's body, and what to write instead. */
import type { Rule } from "../problem.ts";

const stepRemedy = "Make it a step: move it into a function wrapped in step(…) and await its result.";

const rule = (number: string, message: Rule["message"], remedy: string | Rule["remedy"]): Rule => ({
  number,
  message,
  remedy: typeof remedy === "string" ? () => remedy : remedy,
});

export const notAsync = rule(
  "RP3001",
  () => "The body of a pipeline is an async function.",
  "Write `async` before it.",
);
export const unknownGlobal = rule(
  "RP3002",
  (d) => `\`${d.name}\` is not available in a pipeline's body, which holds only decisions and data.`,
  stepRemedy,
);
export const packageValue = rule(
  "RP3003",
  (d) => `\`${d.name}\` comes from the package "${d.package}", and a body cannot call into packages.`,
  stepRemedy,
);
export const unknownMember = rule(
  "RP3004",
  (d) => `\`${d.member}\` of ${d.type} is not available in a pipeline's body.`,
  stepRemedy,
);
export const droppedPromise = rule(
  "RP3005",
  () => "This promise is dropped: nobody awaits it, so its failure and its end would go unseen.",
  "Write `await` before it, keep it in a variable and await it later, or let a step go its own way by `detach(…)`.",
);
export const taskInBody = rule(
  "RP3006",
  () => "`Task` speaks for a running step or a script; the body of a pipeline is neither.",
  "Report metrics, artifacts and logs inside a step, and find other tasks there; a task that is to run as a step is a template(…).",
);
export const moduleVariable = rule(
  "RP3007",
  (d) => `\`${d.name}\` is a variable of the module that changes; a body sees only its constants.`,
  (d) => `Declare \`${d.name}\` with const, or inside the body, or pass it as a param.`,
);
export const moduleMutation = rule(
  "RP3008",
  (d) => `This changes \`${d.name}\`, which belongs to the module and would be shared by all runs.`,
  (d) => `Copy it in the body first, for example \`const mine = structuredClone(${d.name})\`.`,
);
export const unsupportedStatement = rule(
  "RP3009",
  (d) => `${d.what} cannot stand in a pipeline's body.`,
  (d) => d.remedy ?? stepRemedy,
);
export const unsupportedExpression = rule(
  "RP3010",
  (d) => `${d.what} cannot stand in a pipeline's body.`,
  (d) => d.remedy ?? stepRemedy,
);
export const awaitPlace = rule(
  "RP3011",
  (d) => `A step call or an await cannot stand in ${d.where}.`,
  "Take it out into a constant of its own, above.",
);
export const awaitOutside = rule(
  "RP3012",
  () => "`await` stands in a function that is not async.",
  "Write `async` before that function.",
);
export const stepArguments = rule(
  "RP3013",
  (d) => `The step "${d.step}" takes one object or nothing.`,
  "Pass one object whose fields are the inputs: `fit({ rows, depth })`.",
);
export const outsideClass = rule(
  "RP3014",
  (d) => `\`${d.name}\` is a class of one's own, and a body knows only built-in classes.`,
  (d) => d.remedy ?? stepRemedy,
);
export const unreachableModule = rule(
  "RP3016",
  (d) => `\`${d.name}\` cannot be computed when the graph is made: ${d.why}.`,
  "Give it a plain constant value, or compute it in a step.",
);
export const waitArguments = rule(
  "RP3017",
  (d) => `${d.what}.`,
  (d) => `Write \`${d.example}\`.`,
);
export const noStepHere = rule(
  "RP3018",
  (d) => `${d.what}: this is none.`,
  (d) => `Write \`${d.example}\`, with a step of the project.`,
);
export const methodWithoutObject = rule(
  "RP3101",
  (d) => `\`${d.method}\` is passed on as a value, and loses its object on the way.`,
  (d) => `Write a function that calls it: \`(x) => ${d.method}(x)\`.`,
);
export const changingField = rule(
  "RP3102",
  (d) => `\`${d.field}\` is a field that may change; a body sees only what every instance has from the start.`,
  "Write `readonly` before it, or keep the value in a variable of the body.",
);
export const fieldMutation = rule(
  "RP3104",
  (d) => `This changes \`${d.field}\`, of which a body sees only what every instance has from the start.`,
  "Keep the value in a variable of the body, a copy of the field where it is an object.",
);
export const foreignMember = rule(
  "RP3103",
  (d) => `\`${d.member}\` cannot be read in a pipeline's body: ${d.why}.`,
  (d) => d.remedy as string,
);

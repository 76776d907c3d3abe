/** 31xx: what a body reaches by `this`, and by the name of a class. */
import * as problems from "../../src/compiler/lower/problems.ts";
import type { Example } from "./example.ts";

const nightly = (members: string): string => `import { pipeline, step } from "reprise";

@pipeline({ name: "nightly" })
export class Nightly {
${members
  .trimEnd()
  .split("\n")
  .map((line) => (line === "" ? "" : `  ${line}`))
  .join("\n")}
}
`;

export const classBodies: Example[] = [
  {
    rule: problems.methodWithoutObject,
    title: "A method without its object",
    wrong: nightly(`double(n: number) {
  return n * 2;
}

async run() {
  return [1, 2, 3].map(this.double); // here
}`),
    right: nightly(`double(n: number) {
  return n * 2;
}

async run() {
  return [1, 2, 3].map((n) => this.double(n));
}`),
  },
  {
    rule: problems.changingField,
    title: "A field that may change",
    wrong: nightly(`limit = 3;

@step async load({ limit }: { limit: number }) {
  return limit;
}

async run() {
  return await this.load({ limit: this.limit }); // here
}`),
    right: nightly(`readonly limit = 3;

@step async load({ limit }: { limit: number }) {
  return limit;
}

async run() {
  return await this.load({ limit: this.limit });
}`),
  },
  {
    rule: problems.fieldMutation,
    title: "A change of a field",
    wrong: nightly(`readonly seen: number[] = [];

async run() {
  this.seen.push(1); // here
  return this.seen;
}`),
    right: nightly(`async run() {
  const seen: number[] = [];
  seen.push(1);
  return seen;
}`),
  },
  {
    rule: problems.foreignMember,
    title: "A member that a body cannot read",
    wrong: nightly(`get limit() {
  return 3;
}

async run() {
  return this.limit; // here
}`),
    right: nightly(`limit() {
  return 3;
}

async run() {
  return this.limit();
}`),
  },
];

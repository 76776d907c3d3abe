/** What the tests of pipelines import from "reprise/testing". */
export type { CrashAfter } from "./crashes.ts";
export { TestError } from "./error.ts";
export type { Held, Order } from "./order.ts";
export type { Signals } from "./signals.ts";
export type { Failures, Fakes } from "./steps.ts";
export type { ModuleOf, Subject } from "./subject.ts";
export { type TestOptions, testPipeline } from "./test-pipeline.ts";
export type { Tested, TestedCall, TestedDecision } from "./tested.ts";

import { describe, expect, it } from "vitest";
import { errorOf, failureOf, isOfClass } from "../../src/model/failure.ts";
import { copy, encode } from "../../src/model/value.ts";

class QuotaError extends RangeError {}
class HardQuotaError extends QuotaError {
  override name = "HardQuotaError";
}

const passed = (error: unknown) => errorOf(JSON.parse(JSON.stringify(failureOf(error))));

describe("an error that is passed on as data", () => {
  it("keeps name, message and cause, and shows no stack", () => {
    const error = passed(new TypeError("no", { cause: new Error("why", { cause: "deep" }) }));
    expect(error).toBeInstanceOf(TypeError);
    expect([error.name, error.message, error.stack]).toEqual(["TypeError", "no", ""]);
    expect((error.cause as Error).message).toBe("why");
    expect(((error.cause as Error).cause as Error).message).toBe("deep");
  });

  it("is of the built-in class that its own class extends", () => {
    expect(passed(new QuotaError("full"))).toBeInstanceOf(RangeError);
    expect(passed(new HardQuotaError("full"))).not.toBeInstanceOf(TypeError);
  });

  it("has the name property that it had, though people see its class", () => {
    expect(failureOf(new QuotaError("full")).name).toBe("QuotaError");
    expect(passed(new QuotaError("full")).name).toBe("RangeError");
    expect(passed(new HardQuotaError("full")).name).toBe("HardQuotaError");
    expect(passed(Object.assign(new Error("x"), { name: "Odd" })).name).toBe("Odd");
  });

  it("is known to be of its classes, by their names", () => {
    const error = passed(new HardQuotaError("full"));
    expect(["HardQuotaError", "QuotaError", "Other"].map((name) => isOfClass(error, name))).toEqual([
      true,
      true,
      false,
    ]);
    expect(isOfClass(passed(new Error("x")), "QuotaError")).toBe(false);
  });

  it("is the same failure again where its error is passed on", () => {
    for (const thrown of [
      new HardQuotaError("full"),
      new RangeError("r"),
      new Error("e"),
      new TypeError("t", { cause: new QuotaError("q") }),
    ]) {
      const { stack: _, ...failure } = failureOf(passed(thrown));
      expect(failureOf(passed(errorOf(failure)))).toEqual(failureOf(passed(thrown)));
      expect(failure.classes).toEqual(failureOf(thrown).classes);
    }
  });

  it("keeps the errors of an AggregateError", () => {
    const error = passed(new AggregateError([new RangeError("one"), "two"], "all")) as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors.map((each: Error) => [each.name, each.message])).toEqual([
      ["RangeError", "one"],
      ["Error", "two"],
    ]);
  });

  it("is written shortly where its name says all", () => {
    const { stack: _, ...failure } = failureOf(new RangeError("r"));
    expect(failure).toEqual({ name: "RangeError", message: "r" });
    const { stack: __, ...plain } = failureOf(new Error("e"));
    expect(plain).toEqual({ name: "Error", message: "e" });
  });

  it("shows no stack as a value, nor do its causes and errors", () => {
    const error = new AggregateError([new Error("one")], "all", {
      cause: new Error("why", { cause: new Error("deep") }),
    });
    expect(encode(error)).not.toMatch(/stack|failure\.test/);
  });

  it("survives as a value between steps", () => {
    const error = copy(new HardQuotaError("full"));
    expect(isOfClass(error, "QuotaError")).toBe(true);
    expect(error).toBeInstanceOf(RangeError);
  });
});

/** Fields made from a JSON Schema: a field for each param, JSON where no simpler one does. What is entered stays text until it is sent. */
import type { JsonSchema } from "../../src/model/template.ts";

/** By the param's name; empty: left to the pipeline's default. */
export type Entered = Readonly<Record<string, string>>;

type Fields = { [key: string]: unknown };
type Param = {
  name: string;
  kind: "number" | "integer" | "text" | "truth" | "choice" | "json";
  choices: unknown[];
  isWanted: boolean;
  hint: string;
};

type FormProps = { schema: JsonSchema | undefined; entered: Entered; change(entered: Entered): void };

export function ParamsForm({ schema, entered, change }: FormProps) {
  const params = paramsIn(schema);
  if (params.length === 0) return <p className="faint">It takes no params.</p>;
  return params.map((param) => (
    <label key={param.name} htmlFor={`param-${param.name}`}>
      <span>
        {param.name} {param.isWanted && <small className="faint">wanted</small>}
      </span>
      <Field
        param={param}
        value={entered[param.name] ?? ""}
        change={(value) => change({ ...entered, [param.name]: value })}
      />
      {param.hint && <small className="faint">{param.hint}</small>}
    </label>
  ));
}

function Field({
  param: { name, kind, choices, isWanted, hint },
  value,
  change,
}: {
  param: Param;
  value: string;
  change(value: string): void;
}) {
  const common = {
    id: `param-${name}`,
    name,
    value,
    required: isWanted,
    onChange: (event: { target: { value: string } }) => change(event.target.value),
  };
  switch (kind) {
    case "number":
      return <input type="number" step="any" placeholder="default" {...common} />;
    case "integer":
      return <input type="number" step="1" placeholder="default" {...common} />;
    case "text":
      return <input type="text" placeholder="default" {...common} required={false} />;
    case "truth":
    case "choice":
      return (
        <select {...common}>
          <option value="">default</option>
          {(kind === "truth" ? [true, false] : choices).map((choice) => (
            <option key={JSON.stringify(choice)} value={JSON.stringify(choice)}>
              {String(choice)}
            </option>
          ))}
        </select>
      );
    case "json":
      return (
        <textarea
          rows={Math.min(10, Math.max(2, value.split("\n").length))}
          placeholder={hint || "JSON"}
          spellCheck={false}
          {...common}
        />
      );
  }
}

/** The fields as they are when a run with those params is started again. */
export function enteredOf(schema: JsonSchema | undefined, given: unknown): Entered {
  const values = typeof given === "object" && given !== null ? (given as Fields) : {};
  return Object.fromEntries(
    paramsIn(schema).flatMap(({ name, kind }) => {
      const value = values[name];
      if (value === undefined) return [];
      if (value instanceof Date) return [[name, kind === "text" ? value.toISOString() : JSON.stringify(value)]];
      if (typeof value === "bigint") return [[name, String(value)]];
      return [
        [
          name,
          kind === "text" ? String(value) : kind === "json" ? JSON.stringify(value, null, 2) : JSON.stringify(value),
        ],
      ];
    }),
  );
}

/** The params as JSON. Throws an Error that names the field which is none. */
export function paramsOf(schema: JsonSchema | undefined, entered: Entered): Fields | undefined {
  const params = paramsIn(schema);
  if (params.length === 0) return undefined;
  return Object.fromEntries(
    params.flatMap(({ name, kind, isWanted }) => {
      const text = entered[name] ?? "";
      if (text === "" && !(isWanted && kind === "text")) return [];
      return [[name, kind === "text" ? text : parsed(name, text)]];
    }),
  );
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name}: this is no JSON; text stands in double quotes, and so do names of fields`);
  }
}

function paramsIn(schema: JsonSchema | undefined): Param[] {
  if (typeof schema !== "object") return [];
  const { properties = {}, required = [] } = schema as { properties?: Record<string, JsonSchema>; required?: string[] };
  return Object.entries(properties).map(([name, of]) => ({ name, ...fieldOf(of), isWanted: required.includes(name) }));
}

function fieldOf(schema: JsonSchema): Omit<Param, "name" | "isWanted"> {
  if (typeof schema !== "object") return { kind: "json", choices: [], hint: "" };
  const { type, description } = schema as Fields;
  const choices = (schema.enum ?? choicesIn(schema.anyOf)) as unknown[] | undefined;
  const hint = [description, rangeOf(schema)].filter(Boolean).join(" · ");
  if (choices) return { kind: "choice", choices, hint };
  if (schema["x-type"] === "Date") return { kind: "text", choices: [], hint: "a date, such as 2026-01-31T12:00:00Z" };
  if (schema["x-type"] === "bigint") return { kind: "text", choices: [], hint: "a whole number" };
  if (type === "number" || type === "integer") return { kind: type, choices: [], hint };
  if (type === "string") return { kind: "text", choices: [], hint };
  if (type === "boolean") return { kind: "truth", choices: [], hint };
  return { kind: "json", choices: [], hint };
}

function choicesIn(branches: unknown): unknown[] | undefined {
  if (
    !Array.isArray(branches) ||
    !branches.every((branch) => typeof branch === "object" && branch !== null && "const" in branch)
  )
    return undefined;
  return branches.map((branch) => (branch as { const: unknown }).const);
}

function rangeOf({ minimum, maximum, default: value }: Fields): string {
  const range =
    minimum === undefined
      ? maximum === undefined
        ? ""
        : `at most ${maximum}`
      : maximum === undefined
        ? `at least ${minimum}`
        : `${minimum} to ${maximum}`;
  return [range, value === undefined ? "" : `default ${JSON.stringify(value)}`].filter(Boolean).join(" · ");
}

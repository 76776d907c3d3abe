/** A field for each param: a group for an object, JSON where no simpler one does. */
import type { ReactNode } from "react";
import { type Entered, type Field, problemIn } from "./fields.ts";

type FormProps = { fields: readonly Field[]; entered: Entered; change(entered: Entered): void };

export function ParamsForm({ fields, entered, change }: FormProps) {
  return fields.map((field) =>
    field.kind === "group" ? (
      <fieldset key={field.path}>
        <legend>
          {field.name} {field.isWanted && <Wanted />}
        </legend>
        {field.hint && <small className="faint">{field.hint}</small>}
        <ParamsForm fields={field.fields} entered={entered} change={change} />
      </fieldset>
    ) : (
      <Labelled
        key={field.path}
        field={field}
        text={entered[field.path] ?? ""}
        change={(text) => change({ ...entered, [field.path]: text })}
      />
    ),
  );
}

const Wanted = () => <small className="faint">wanted</small>;

type OneProps = { field: Field; text: string; change(text: string): void };

function Labelled({ field, text, change }: OneProps): ReactNode {
  const { path, name, isWanted, hint } = field;
  const problem = problemIn(field, text);
  return (
    <div className="field">
      <label htmlFor={`param-${path}`}>
        {name} {isWanted && <Wanted />}
      </label>
      <Input field={field} text={text} change={change} />
      <small id={`about-${path}`} className={problem ? "bad" : "faint"}>
        {problem ?? hint}
      </small>
    </div>
  );
}

function Input({ field, text, change }: OneProps) {
  const { path, kind, isWanted, byDefault } = field;
  const common = {
    id: `param-${path}`,
    name: path,
    value: text,
    required: isWanted && kind !== "text",
    "aria-describedby": `about-${path}`,
    "aria-invalid": problemIn(field, text) !== undefined,
    onChange: (event: { target: { value: string } }) => change(event.target.value),
  };
  switch (field.kind) {
    case "number":
    case "integer":
      return (
        <input
          type="number"
          step={kind === "integer" ? 1 : "any"}
          min={field.least}
          max={field.most}
          placeholder={byDefault}
          {...common}
        />
      );
    case "text":
      return <input type="text" placeholder={byDefault} {...common} />;
    case "choice":
      return (
        <select {...common}>
          {(!isWanted || text === "") && (
            <option value="">{isWanted ? "choose one" : byDefault ? `${plain(byDefault)} (default)` : "none"}</option>
          )}
          {field.choices.map((choice) => (
            <option key={JSON.stringify(choice)} value={JSON.stringify(choice)}>
              {String(choice)}
            </option>
          ))}
        </select>
      );
    default:
      return (
        <textarea
          rows={Math.min(12, Math.max(2, (text || byDefault).split("\n").length))}
          placeholder={byDefault}
          spellCheck={false}
          {...common}
        />
      );
  }
}

/** JSON text without the quotes of a string. */
const plain = (json: string): string => json.replace(/^"(.*)"$/, "$1");

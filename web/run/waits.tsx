/** What a run waits for besides its steps: times, and signals, which can be sent here. */
import { useState } from "react";
import { encode } from "../../src/model/value.ts";
import type { WaitState } from "../../src/runtime/controller/waiting.ts";
import { hub } from "../hub/ask.ts";
import { clock } from "../parts/time.tsx";

export function Waits({ of, now }: { of: WaitState[]; now: number }) {
  if (of.length === 0) return null;
  return (
    <ul className="waits">
      {of.slice(0, 20).map((wait) => (
        <li key={`${wait.run} ${wait.path}`}>
          <span>
            {wait.path} {wait.signal === undefined ? "sleeps" : `waits for the signal ${wait.signal}`}
            {wait.until !== undefined && ` until ${clock(wait.until, now)}`}
          </span>
          {wait.signal !== undefined && <Send run={wait.run} name={wait.signal} />}
        </li>
      ))}
    </ul>
  );
}

function Send({ run, name }: { run: string; name: string }) {
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const send = async () => {
    const value: unknown = text.trim() === "" ? undefined : JSON.parse(text);
    await hub.runs.signal(run, name, value === undefined ? undefined : { text: encode(value) });
    setText("");
    setError(undefined);
  };
  return (
    <form
      className="tools"
      onSubmit={(event) => {
        event.preventDefault();
        send().catch(({ message }: Error) => setError(message));
      }}
    >
      <input
        aria-label={`JSON for the signal ${name}`}
        placeholder="JSON, such as true"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit">Send</button>
      {error && (
        <span className="trouble" role="alert">
          {error}
        </span>
      )}
    </form>
  );
}

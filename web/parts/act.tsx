/** A button that asks the hub for something, says that it does, and says why it could not. */
import { type ReactNode, useState } from "react";

type ActProps = { do: () => Promise<unknown>; children: ReactNode; kind?: "main" | "danger" | "plain"; sure?: string };

export function Act({ do: act, children, kind = "plain", sure }: ActProps) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const press = async () => {
    if (sure !== undefined && !window.confirm(sure)) return;
    setBusy(true);
    setError(undefined);
    await act().catch(({ message }: Error) => setError(message));
    setBusy(false);
  };
  return (
    <>
      <button type="button" className={kind} onClick={() => void press()} disabled={isBusy}>
        {children}
      </button>
      {error !== undefined && (
        <span className="trouble" role="alert">
          {error}
        </span>
      )}
    </>
  );
}

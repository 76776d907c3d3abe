/** The page's frame: where one can go, whether the hub is heard, and the view that is asked for. */
import { Component, lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { HubError, hub, setToken } from "./hub/ask.ts";
import { followNews, reconnect, useConnection } from "./hub/live.ts";
import { useAsked } from "./hub/use.ts";
import { Empty, Trouble } from "./parts/facts.tsx";
import { Link } from "./parts/link.tsx";
import { pathOf, type Route, useRoute } from "./route.ts";
import { Runs } from "./runs/runs.tsx";
import { nextTheme, theme } from "./theme.ts";

const Run = lazy(() => import("./run/run.tsx"));
const TaskView = lazy(() => import("./task/task.tsx"));
const Start = lazy(() => import("./start/start.tsx"));
const Compare = lazy(() => import("./runs/compare.tsx"));
const Queues = lazy(() => import("./queues/queues.tsx"));

export function App() {
  const route = useRoute();
  const [entered, setEntered] = useState(0);
  const latest = useAsked(`enter ${entered}`, hub.events.latest);
  const isShut = latest.error instanceof HubError && latest.error.kind === "Unauthorized";
  // Whether the hub is there is known on every view.
  useEffect(() => followNews([], () => {}), []);
  useEffect(() => {
    document.title = `${titleOf(route)} · Reprise`;
  });
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="bar">
        <Link to={{ view: "runs" }} className="home">
          <img src="/icon.svg" alt="" width="20" height="20" /> Reprise
        </Link>
        <nav aria-label="Views">
          <Link to={{ view: "runs" }} current={["runs", "run", "task", "compare"].includes(route.view)}>
            Runs
          </Link>
          <Link to={{ view: "start" }} current={route.view === "start"}>
            New run
          </Link>
          <Link to={{ view: "queues" }} current={route.view === "queues"}>
            Queues
          </Link>
        </nav>
        <Heard />
        <ThemeButton />
      </header>
      <main id="main" tabIndex={-1}>
        {isShut ? (
          <Door
            entered={() => {
              setEntered(entered + 1);
              reconnect();
            }}
            refused={latest.error!.message}
          />
        ) : (
          <Fallible of={JSON.stringify(route)}>
            <Suspense key={JSON.stringify({ ...route, tab: "" })} fallback={<Empty>…</Empty>}>
              <View key={entered} route={route} />
            </Suspense>
          </Fallible>
        )}
      </main>
    </>
  );
}

function View({ route }: { route: Route }) {
  switch (route.view) {
    case "runs":
      return <Runs />;
    case "run":
      return <Run key={route.id} id={route.id} tab={route.tab} />;
    case "task":
      return <TaskView key={route.id} id={route.id} tab={route.tab} />;
    case "start":
      return <Start key={pathOf(route)} pipeline={route.pipeline} from={route.from} step={route.step} />;
    case "compare":
      return <Compare a={route.a} b={route.b} />;
    case "queues":
      return <Queues />;
  }
}

function titleOf(route: Route): string {
  switch (route.view) {
    case "run":
    case "task":
      return route.id;
    case "start":
      return "New run";
    case "compare":
      return `${route.a} and ${route.b}`;
    default:
      return route.view === "runs" ? "Runs" : "Queues";
  }
}

const words = {
  connecting: "connecting",
  live: "live",
  away: "the hub does not answer, trying again",
  refused: "the hub does not let this page in",
};

function Heard() {
  const connection = useConnection();
  return (
    <span className={`heard ${connection}`} role="status">
      <span className="dot" aria-hidden="true" />
      <span className="words">{words[connection]}</span>
    </span>
  );
}

function ThemeButton() {
  const [chosen, choose] = useState(theme);
  return (
    <button
      type="button"
      className="quiet"
      onClick={() => choose(nextTheme())}
      title="Colors: as the system, light, dark"
    >
      {chosen}
    </button>
  );
}

function Door({ entered, refused }: { entered(): void; refused: string }) {
  const [secret, setSecret] = useState("");
  return (
    <form
      className="panel narrow"
      onSubmit={(event) => {
        event.preventDefault();
        setToken(secret.trim());
        entered();
      }}
    >
      <h1>This hub wants a token</h1>
      <p className="faint">{refused}</p>
      <label>
        Token
        <input
          type="password"
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
          autoComplete="off"
          required
        />
      </label>
      <p className="faint">
        <code>reprise token create --role author --name me</code> makes one. It is kept in this browser.
      </p>
      <button type="submit" className="main">
        Enter
      </button>
    </form>
  );
}

/** A bug in one view leaves the others to be used. It has no key: a run, which has heard its story, stays while its tabs change. */
class Fallible extends Component<{ of: string; children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate(before: { of: string }) {
    if (this.state.error && before.of !== this.props.of) this.setState({ error: undefined });
  }

  override render() {
    return this.state.error ? <Trouble error={this.state.error} /> : this.props.children;
  }
}

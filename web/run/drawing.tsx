/** The picture on the screen: moved by dragging, scrolling and arrow keys, made larger and smaller, every box reached by Tab. */
import {
  type FocusEvent,
  type KeyboardEvent,
  memo,
  type PointerEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { Shape } from "../../src/cli/graph/picture.ts";
import { type Box, iconWidth, type Layout } from "../../src/cli/graph/svg/layout.ts";
import { outline, wirePath } from "../../src/cli/graph/svg/paths.ts";
import { type Font, wrap } from "../../src/cli/graph/svg/text.ts";
import type { Wire } from "../../src/cli/graph/svg/wires.ts";
import { lineHeight } from "../../src/cli/graph/svg/words.ts";
import { type Area, areaOf, hasBox, hasWire, holds, type Size, sameArea, type View } from "./area.ts";
import type { Turns } from "./turns.ts";

type DrawingProps = {
  laid: Layout;
  /** By id, with what has happened to each. */
  shapes: ReadonlyMap<string, Shape>;
  /** How often each loop has turned. */
  loops: ReadonlyMap<string, number>;
  progressOf: ReadonlyMap<string, number>;
  turns: Turns;
  setTurns(turns: Turns): void;
  chosen: string | undefined;
  choose(id: string | undefined): void;
};

const smallest = 0.1;
const largest = 2.5;

export function Drawing(props: DrawingProps) {
  const { laid, choose } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ x: 0, y: 0, scale: 1 });
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [focused, setFocused] = useState<string>();
  const area = useRef<Area>(undefined);
  const wanted = areaOf(view, size);
  if (area.current === undefined || !sameArea(area.current, wanted)) area.current = wanted;
  const drag = useRef<{ x: number; y: number; from: View; moved: boolean }>(undefined);
  const fitAll = (least = smallest) => {
    const { clientWidth: width, clientHeight: height } = frame.current!;
    setSize({ width, height });
    const scale = Math.min(1, Math.max(least, Math.min(width / laid.width, height / laid.height)));
    setView({
      scale,
      x: Math.max(0, (width - laid.width * scale) / 2),
      y: Math.max(0, Math.min(24, (height - laid.height * scale) / 2)),
    });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: of each layout once
  useLayoutEffect(() => fitAll(0.75), [laid]);
  useEffect(() => {
    const element = frame.current!;
    let width = element.clientWidth;
    // What was in the middle stays there.
    const observer = new ResizeObserver(() => {
      const by = (element.clientWidth - width) / 2;
      width = element.clientWidth;
      setSize({ width, height: element.clientHeight });
      if (by !== 0) setView((view) => ({ ...view, x: view.x + by }));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const zoom = (by: number, at?: { x: number; y: number }) =>
    setView(({ x, y, scale }) => {
      const { clientWidth, clientHeight } = frame.current!;
      const { x: cx, y: cy } = at ?? { x: clientWidth / 2, y: clientHeight / 2 };
      const next = Math.min(largest, Math.max(smallest, scale * by));
      return { scale: next, x: cx - ((cx - x) * next) / scale, y: cy - ((cy - y) * next) / scale };
    });
  useEffect(() => {
    const element = frame.current!;
    // React's own listener is passive, and could not keep the page from scrolling.
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey)
        zoom(Math.exp(-event.deltaY / 200), { x: event.clientX - left, y: event.clientY - top });
      else setView((view) => ({ ...view, x: view.x - event.deltaX, y: view.y - event.deltaY }));
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  });
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    drag.current = { x: event.clientX, y: event.clientY, from: view, moved: false };
  };
  const move = (event: PointerEvent) => {
    const { current } = drag;
    if (current === undefined) return;
    const [dx, dy] = [event.clientX - current.x, event.clientY - current.y];
    if (!current.moved && Math.hypot(dx, dy) < 4) return;
    if (!current.moved) frame.current!.setPointerCapture(event.pointerId);
    current.moved = true;
    setView({ ...current.from, x: current.from.x + dx, y: current.from.y + dy });
  };
  const up = () => {
    drag.current = undefined;
  };
  /** Who goes by Tab sees where he is. */
  const reveal = ({ target }: FocusEvent) => {
    setFocused(target.closest("[data-id]")?.getAttribute("data-id") ?? undefined);
    if (drag.current !== undefined || target === frame.current) return;
    const [of, around] = [target.getBoundingClientRect(), frame.current!.getBoundingClientRect()];
    const by = (from: number, to: number, first: number, last: number) =>
      from < first + 16 ? first + 16 - from : to > last - 16 ? last - 16 - to : 0;
    const [dx, dy] = [
      by(of.left, of.right, around.left, around.right),
      by(of.top, of.bottom, around.top, around.bottom),
    ];
    if (dx !== 0 || dy !== 0) setView((view) => ({ ...view, x: view.x + dx, y: view.y + dy }));
  };
  const press = ({ key, target }: KeyboardEvent) => {
    if (key === "Escape") choose(undefined);
    if (target !== frame.current) return;
    const by = (
      { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] } as Record<string, number[]>
    )[key];
    if (by) setView((view) => ({ ...view, x: view.x + by[0]!, y: view.y + by[1]! }));
    if (key === "+" || key === "=") zoom(1.25);
    if (key === "-") zoom(0.8);
    if (key === "0") fitAll();
  };
  return (
    <div className="drawing">
      <div
        className="frame"
        ref={frame}
        role="group"
        aria-label="The graph: arrow keys move it, + and - make it larger and smaller, 0 shows all of it"
        tabIndex={0}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        onKeyDown={press}
        onFocus={reveal}
      >
        <svg className="picture" width="100%" height="100%">
          <title>The graph of the run</title>
          <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
            <Boxes {...props} boxes={laid.boxes} wires={laid.wires} area={area.current} focused={focused} />
          </g>
        </svg>
      </div>
      <div className="zoom">
        <button type="button" onClick={() => zoom(1.25)} aria-label="Larger">
          +
        </button>
        <button type="button" onClick={() => zoom(0.8)} aria-label="Smaller">
          −
        </button>
        <button type="button" onClick={() => fitAll()} aria-label="Show all of it">
          Fit
        </button>
      </div>
    </div>
  );
}

/** `focused`: stays, wherever the picture is moved, so that who goes by Tab goes on from there. */
type InnerProps = DrawingProps & { area: Area; focused: string | undefined };
type BoxesProps = InnerProps & { boxes: Box[]; wires: Wire[] };

/** Drawn again when something has happened, or another part of it is seen, and not whenever the picture is moved. */
const Boxes = memo(
  function Boxes({ boxes: all, wires, ...props }: BoxesProps) {
    const { area, focused } = props;
    const boxes = all.filter((box) => hasBox(area, box) || (focused !== undefined && holds(box, focused)));
    return (
      <>
        {boxes.map((box) =>
          box.shape.kind === "group" ? (
            <Frame key={box.shape.id} box={box} shape={props.shapes.get(box.shape.id) ?? box.shape} />
          ) : null,
        )}
        {wires.map((wire, i) => (hasWire(area, wire) ? <WireLine key={i} wire={wire} /> : null))}
        {boxes.map((box) =>
          box.shape.kind === "group" ? (
            <GroupBox key={box.shape.id} box={box} {...props} />
          ) : (
            <Part key={box.shape.id} box={box} {...partProps(box, props)} />
          ),
        )}
      </>
    );
  },
  (a, b) =>
    a.boxes === b.boxes &&
    a.area === b.area &&
    a.focused === b.focused &&
    a.shapes === b.shapes &&
    a.loops === b.loops &&
    a.turns === b.turns &&
    a.chosen === b.chosen,
);

const classOf = ({ kind, fate }: Shape, isChosen = false): string =>
  [kind, fate?.status, isChosen ? "chosen" : ""].filter(Boolean).join(" ");

const Frame = ({ box: { x, y, width, height }, shape }: { box: Box; shape: Shape }) => (
  <>
    {shape.kind === "group" && shape.runs === "items" && (
      <>
        <rect className="sheet" x={x + 8} y={y + 8} width={width} height={height} rx="10" />
        <rect className="sheet" x={x + 4} y={y + 4} width={width} height={height} rx="10" />
      </>
    )}
    <rect className={`frame ${classOf(shape)}`} x={x} y={y} width={width} height={height} rx="10" />
  </>
);

const WireLine = memo(function WireLine({ wire }: { wire: Wire }) {
  const { kind, start, end, form, arrow } = wire;
  const middle = (start.y + end.y) / 2;
  return (
    <g className={`wire ${kind}`}>
      <path d={wirePath(wire)} />
      {arrow && (
        <path className="tip" d={`M ${end.x - 4} ${end.y - 7} L ${end.x + 4} ${end.y - 7} L ${end.x} ${end.y} z`} />
      )}
      {form === "back" && (
        <path
          className="tip"
          d={`M ${start.x - 4} ${middle + 4} L ${start.x + 4} ${middle + 4} L ${start.x} ${middle - 4} z`}
        />
      )}
    </g>
  );
});

function GroupBox({ box, ...props }: InnerProps & { box: Box }) {
  const { x, y, width } = box;
  const shape = props.shapes.get(box.shape.id) ?? box.shape;
  const { path } = shape;
  const count = path === undefined ? undefined : props.loops.get(path);
  const icon = iconWidth(shape);
  return (
    <g className={classOf(shape)}>
      <g
        role="button"
        tabIndex={0}
        className="title"
        data-id={shape.id}
        aria-label={`${shape.label}, ${shape.fate?.words ?? ""}`}
        onClick={() => props.choose(shape.id)}
        onKeyDown={onEnter(() => props.choose(shape.id))}
      >
        <rect className="hit" x={x + 4} y={y + 4} width={width - 8} height={heightOfLines(box)} rx="6" />
        {icon > 0 && <path className="icon" d={`M ${x + 25} ${y + 14} a 5 5 0 1 0 1 7 m 0 -8 v 4 h -4`} />}
        {!props.area.far && <Lines box={box} shape={shape} x={x + 14 + icon} anchor="start" />}
      </g>
      {path !== undefined && count !== undefined && count > 1 && (
        <Stepper {...{ path, count, x: x + width, y }} turns={props.turns} setTurns={props.setTurns} />
      )}
      <Boxes {...props} boxes={box.boxes} wires={box.wires} />
    </g>
  );
}

/** Which turn is looked at: all of them, or one. */
function Stepper({
  path,
  count,
  x,
  y,
  turns,
  setTurns,
}: {
  path: string;
  count: number;
  x: number;
  y: number;
  turns: Turns;
  setTurns(turns: Turns): void;
}) {
  const at = turns[path];
  const to = (n: number | undefined) => {
    const { [path]: _, ...rest } = turns;
    setTurns(n === undefined ? rest : { ...rest, [path]: n });
  };
  const step = (by: number) => {
    const n = at === undefined ? (by > 0 ? 1 : count) : at + by;
    to(n < 1 || n > count ? undefined : n);
  };
  // What stands outside of it cannot be clicked.
  const width = 70 + 8 * `${count} of ${count}`.length;
  return (
    <foreignObject x={x - width - 6} y={y - 13} width={width} height="26">
      <span className="stepper">
        <button type="button" aria-label="The turn before" onClick={() => step(-1)}>
          ‹
        </button>
        <button type="button" aria-label="All turns" title="Show all turns" onClick={() => to(undefined)}>
          {at === undefined ? `all ${count}` : `${at} of ${count}`}
        </button>
        <button type="button" aria-label="The next turn" onClick={() => step(1)}>
          ›
        </button>
      </span>
    </foreignObject>
  );
}

type PartProps = {
  shape: Shape;
  isChosen: boolean;
  isFar: boolean;
  progress: number | undefined;
  choose(id: string): void;
};

const partProps = ({ shape }: Box, { shapes, chosen, choose, progressOf, area }: InnerProps): PartProps => ({
  shape: shapes.get(shape.id) ?? shape,
  isChosen: chosen === shape.id,
  isFar: area.far,
  progress: shape.path === undefined ? undefined : progressOf.get(shape.path),
  choose,
});

const Part = memo(
  function Part({ box, shape, isChosen, isFar, progress, choose }: PartProps & { box: Box }) {
    const { x, y, width, height } = box;
    const { label, template, fate } = shape;
    return (
      <g
        role="button"
        tabIndex={0}
        className={`${classOf(shape, isChosen)} part`}
        aria-label={[shape.kind, label, template, fate && `${fate.status} ${fate.words}`].filter(Boolean).join(", ")}
        aria-pressed={isChosen}
        data-id={shape.id}
        data-path={shape.path}
        onClick={() => choose(shape.id)}
        onKeyDown={onEnter(() => choose(shape.id))}
      >
        <title>{[label, template, fate?.words].filter(Boolean).join("\n")}</title>
        <path className="outline" d={outline(box)} />
        {progress !== undefined && (
          <rect
            className="done"
            x={x + 3}
            y={y + height - 5}
            width={Math.max(0, (width - 6) * progress)}
            height="2.5"
            rx="1"
          />
        )}
        {!isFar && <Lines box={box} shape={shape} x={x + width / 2} anchor="middle" />}
      </g>
    );
  },
  (a, b) =>
    a.box === b.box &&
    a.isChosen === b.isChosen &&
    a.isFar === b.isFar &&
    a.progress === b.progress &&
    a.shape.fate?.status === b.shape.fate?.status &&
    a.shape.fate?.words === b.shape.fate?.words,
);

const onEnter = (act: () => void) => (event: KeyboardEvent) => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  event.stopPropagation();
  act();
};

const heightOfLines = ({ lines }: Box): number => 10 + lines.reduce((sum, { role }) => sum + lineHeight[role], 0);

const fateFont: Font = { size: 11 };

/** Names stay; what became of it takes the room that was made for it. */
function Lines({ box, shape, x, anchor }: { box: Box; shape: Shape; x: number; anchor: "start" | "middle" }) {
  let bottom = box.y + 9;
  return box.lines.map(({ text, role, font }, i) => {
    bottom += lineHeight[role];
    const shown = role === "fate" ? (wrap(shape.fate?.words ?? "", fateFont, box.width - 16, 1)[0] ?? "") : text;
    return (
      <text
        key={i}
        className={role}
        x={x}
        y={bottom - 5}
        fontSize={font.size}
        fontWeight={font.bold ? 600 : undefined}
        textAnchor={anchor}
      >
        {shown}
      </text>
    );
  });
}

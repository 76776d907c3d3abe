/** The boxes and wires of the picture: what is in view, and around it. */
import { type KeyboardEvent, memo } from "react";
import type { Shape } from "../../src/cli/graph/picture.ts";
import { type Box, iconWidth } from "../../src/cli/graph/svg/layout.ts";
import { outline, wirePath } from "../../src/cli/graph/svg/paths.ts";
import { type Font, wrap } from "../../src/cli/graph/svg/text.ts";
import type { Wire } from "../../src/cli/graph/svg/wires.ts";
import { lineHeight } from "../../src/cli/graph/svg/words.ts";
import { type Area, hasBox, hasWire, holds } from "./area.ts";
import { Stepper } from "./stepper.tsx";
import type { Turns } from "./turns.ts";

export type Drawn = {
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

/** `focused`: stays, wherever the picture is moved, so that who goes by Tab goes on from there. */
type InnerProps = Drawn & { area: Area; focused: string | undefined };
type BoxesProps = InnerProps & { boxes: Box[]; wires: Wire[] };

/** Drawn again when something has happened, or another part of it is seen, and not whenever the picture is moved. */
export const Boxes = memo(
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

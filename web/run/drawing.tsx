/** The picture on the screen, as a sight of what is drawn: every box is reached by Tab. */
import { useRef, useState } from "react";
import type { Layout } from "../../src/cli/graph/svg/layout.ts";
import { type Area, areaOf, sameArea } from "./area.ts";
import { Boxes, type Drawn } from "./boxes.tsx";
import { useSight } from "./sight.ts";

export function Drawing({ laid, ...props }: Drawn & { laid: Layout }) {
  const { frame, view, size, zoom, showAll, handlers, reveal, press } = useSight(laid);
  const [focused, setFocused] = useState<string>();
  const area = useRef<Area>(undefined);
  const wanted = areaOf(view, size);
  if (area.current === undefined || !sameArea(area.current, wanted)) area.current = wanted;
  return (
    <div className="drawing">
      <div
        className="frame"
        ref={frame}
        role="group"
        aria-label="The graph: arrow keys move it, + and - make it larger and smaller, 0 shows all of it"
        tabIndex={0}
        {...handlers}
        onKeyDown={(event) => {
          if (event.key === "Escape") props.choose(undefined);
          press(event);
        }}
        onFocus={(event) => {
          setFocused(event.target.closest("[data-id]")?.getAttribute("data-id") ?? undefined);
          reveal(event);
        }}
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
        <button type="button" onClick={() => showAll()} aria-label="Show all of it">
          Fit
        </button>
      </div>
    </div>
  );
}

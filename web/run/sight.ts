/** Where the picture stands on the screen, and how it is moved: by dragging, scrolling and arrow keys, and by going through it with Tab. */
import {
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { Size, View } from "./area.ts";

export type Sight = {
  /** Of the element that the picture is seen through. */
  frame: RefObject<HTMLDivElement | null>;
  view: View;
  size: Size;
  zoom(by: number): void;
  /** All of it, no smaller than that. */
  showAll(least?: number): void;
  handlers: {
    onPointerDown(event: PointerEvent): void;
    onPointerMove(event: PointerEvent): void;
    onPointerUp(): void;
    onPointerCancel(): void;
  };
  /** Who goes by Tab sees where he is. */
  reveal(event: FocusEvent): void;
  press(event: KeyboardEvent): void;
};

const smallest = 0.1;
const largest = 2.5;

/** `picture`: its size; another one is fitted anew. */
export function useSight(picture: Size): Sight {
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ x: 0, y: 0, scale: 1 });
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const drag = useRef<{ x: number; y: number; from: View; moved: boolean }>(undefined);
  const showAll = (least = smallest) => {
    const { clientWidth: width, clientHeight: height } = frame.current!;
    setSize({ width, height });
    const scale = Math.min(1, Math.max(least, Math.min(width / picture.width, height / picture.height)));
    setView({
      scale,
      x: Math.max(0, (width - picture.width * scale) / 2),
      y: Math.max(0, Math.min(24, (height - picture.height * scale) / 2)),
    });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: of each picture once
  useLayoutEffect(() => showAll(0.75), [picture]);
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
  const reveal = ({ target }: FocusEvent) => {
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
    if (target !== frame.current) return;
    const by = (
      { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] } as Record<string, number[]>
    )[key];
    if (by) setView((view) => ({ ...view, x: view.x + by[0]!, y: view.y + by[1]! }));
    if (key === "+" || key === "=") zoom(1.25);
    if (key === "-") zoom(0.8);
    if (key === "0") showAll();
  };
  const handlers = { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: up };
  return { frame, view, size, zoom, showAll, handlers, reveal, press };
}

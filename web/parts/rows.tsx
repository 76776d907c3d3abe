/** A long list of which only what is seen is drawn. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";

type RowsProps<T> = {
  of: readonly T[];
  height: number;
  label: string;
  draw(item: T, i: number): ReactNode;
  header?: ReactNode;
  className?: string;
};

export function Rows<T>({ of, height, label, draw, header, className = "" }: RowsProps<T>) {
  const body = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: of.length,
    getScrollElement: () => body.current,
    estimateSize: () => height,
    overscan: 15,
  });
  return (
    <section className={`rows ${className}`} ref={body} tabIndex={0} aria-label={label}>
      {header}
      <div style={{ height: rows.getTotalSize(), position: "relative" }}>
        {rows.getVirtualItems().map(({ key, index, start }) => (
          <div
            key={key}
            data-index={index}
            ref={rows.measureElement}
            className="place"
            style={{ transform: `translateY(${start}px)`, minHeight: height }}
          >
            {draw(of[index]!, index)}
          </div>
        ))}
      </div>
    </section>
  );
}

import { expect, test } from "vitest";
import { sampleOf } from "../../src/model/sample.ts";

test("a short series is all of it", () => {
  expect(sampleOf([3, 1, 2], 10)).toEqual([0, 1, 2]);
  expect(sampleOf([], 10)).toEqual([]);
});

test("a long series keeps its ends, and the least and greatest of each stretch, in order", () => {
  const values = [0, 5, 1, 2, 9, 3, 4, -7, 6, 8];
  expect(sampleOf(values, 6)).toEqual([0, 2, 4, 7, 8, 9]);
});

test("NaN stands where a stretch has nothing else", () => {
  const values = [1, Number.NaN, Number.NaN, 2, Number.NaN, 3, 4];
  expect(sampleOf(values, 6).map((i) => values[i])).toEqual([1, Number.NaN, 2, 3, 4]);
});

test("however many points there are, about so many are left", () => {
  for (const length of [100, 1_001, 99_999]) {
    const kept = sampleOf(
      Float64Array.from({ length }, (_, i) => Math.sin(i)),
      64,
    );
    expect(kept.length).toBeLessThanOrEqual(64);
    expect(kept.length).toBeGreaterThan(50);
    expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
  }
});

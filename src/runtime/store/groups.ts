/** Calls back with the items by their keys, in their order. Most commits are of one run: nothing is copied then. */
export function eachGroup<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  act: (key: Key, group: readonly Item[]) => void,
): void {
  if (items.length === 0) return;
  const first = keyOf(items[0]!);
  let same = 1;
  while (same < items.length && keyOf(items[same]!) === first) same += 1;
  if (same === items.length) return act(first, items);
  for (const [key, group] of Map.groupBy(items, keyOf)) act(key, group);
}

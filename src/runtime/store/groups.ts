/** The items by their keys, in their order. Most commits are of one run: nothing is copied then. */
export function groupsOf<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): Iterable<[Key, readonly Item[]]> {
  if (items.length === 0) return [];
  const first = keyOf(items[0]!);
  return items.every((item) => keyOf(item) === first) ? [[first, items]] : Map.groupBy(items, keyOf);
}

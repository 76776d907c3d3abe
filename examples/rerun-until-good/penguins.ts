export const species = ["Adelie", "Chinstrap", "Gentoo"];

/** Measurements: length and depth of the bill and length of the flipper in mm, body mass in g. */
export type Penguin = { species: string; measurements: number[] };

/** The rows in which every measurement was taken. */
export function parsePenguins(csv: string): Penguin[] {
  const rows = csv.trim().split("\n").slice(1);
  return rows
    .map((row) => row.split(","))
    .map(([species = "", _island, ...rest]) => ({ species, measurements: rest.slice(0, 4).map(Number) }))
    .filter(({ measurements }) => !measurements.some(Number.isNaN));
}

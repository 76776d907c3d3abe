/// <reference path="./ml-cart.d.ts" />
import { DecisionTreeClassifier, type Tree } from "ml-cart";
import { type Penguin, species } from "./penguins.ts";

/** Questions that a tree may ask one after the other, measurements that it may ask about, and trees. */
export type Settings = { depth: number; features: number; trees: number };

export type Forest = { settings: Settings; trees: Tree[] };

/** A tree that has learnt from these penguins, as plain data: such can be passed between steps. */
export function growTree(penguins: Penguin[], { depth, features }: Settings): Tree {
  const tree = new DecisionTreeClassifier({ maxDepth: depth });
  tree.train(
    samples(penguins, features),
    penguins.map((penguin) => species.indexOf(penguin.species)),
  );
  return JSON.parse(JSON.stringify(tree)) as Tree;
}

/** The species of each penguin, by the vote of the trees. */
export function predict({ trees, settings }: Forest, penguins: Penguin[]): string[] {
  const votes = trees.map((tree) => DecisionTreeClassifier.load(tree).predict(samples(penguins, settings.features)));
  return penguins.map((_, i) => mostFrequent(votes.map((labels) => species[labels[i] ?? 0] ?? "")));
}

export function accuracyOf(predicted: string[], penguins: Penguin[]): number {
  return penguins.filter((penguin, i) => penguin.species === predicted[i]).length / penguins.length;
}

/** How many penguins of each species (row) were taken for which (column). */
export function confusionOf(predicted: string[], penguins: Penguin[]): number[][] {
  return species.map((is) =>
    species.map((taken) => penguins.filter((penguin, i) => penguin.species === is && predicted[i] === taken).length),
  );
}

const samples = (penguins: Penguin[], features: number) =>
  penguins.map(({ measurements }) => measurements.slice(0, features));

function mostFrequent(names: string[]): string {
  const count = (name: string) => names.filter((other) => other === name).length;
  return species.reduce((a, b) => (count(b) > count(a) ? b : a));
}

/** ml-cart brings no types of its own; these are what this example uses of it. */
declare module "ml-cart" {
  /** A trained tree, as JSON. */
  export type Tree = { name: "DTClassifier"; options: { maxDepth: number }; root: Node };

  /** A question with two answers, or a leaf with how likely each label is. */
  type Node = { splitColumn?: number; splitValue?: number; left?: Node; right?: Node; distribution?: number[][] };

  export class DecisionTreeClassifier {
    constructor(options: { maxDepth: number });
    /** Labels count from 0. */
    train(samples: number[][], labels: number[]): void;
    predict(samples: number[][]): number[];
    static load(tree: Tree): DecisionTreeClassifier;
  }
}

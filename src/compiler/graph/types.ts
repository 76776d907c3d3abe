/** Types of the graph builder, as the checker sees them. */
import { ts } from "ts-morph";
import type { Dsl } from "../dsl.ts";

/** What `pipeline.graph(…)` gives. */
export const isGraph = (type: ts.Type, dsl: Dsl): boolean => dsl.typeName(type) === "PipelineGraph";

/** What its words give. */
export const isReference = (type: ts.Type, dsl: Dsl): boolean =>
  dsl.typeName(type) === "Reference" || (type.isIntersection() && type.types.some((part) => isReference(part, dsl)));

/** Of what `g.returns(…)` gives, the type of the result. */
export function resultType(type: ts.Type, checker: ts.TypeChecker): ts.Type | undefined {
  return (type.flags & ts.TypeFlags.Object) === 0 ? undefined : checker.getTypeArguments(type as ts.TypeReference)[1];
}

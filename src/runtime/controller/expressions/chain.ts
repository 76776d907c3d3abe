/** Optional chains: how far a `?.` reaches. */
import type { Expression } from "../../../model/expression.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";
import { apply } from "./apply.ts";
import { member } from "./member.ts";
import { short } from "./short.ts";

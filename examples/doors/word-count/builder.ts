/** A fan-out, through the graph builder; code.ts is the same pipeline as a function. */
import { pipeline } from "reprise";
import { z } from "zod";
import { count, total } from "./code.ts";

const g = pipeline.graph("word count");
const texts = g.param("texts", z.array(z.string()));

const counts = g.each("counts", texts, count, (text) => ({ text }));
const sum = g.step("sum", total, { counts });
g.returns({ words: sum.words, longest: sum.longest, texts: texts.length });

export default g;

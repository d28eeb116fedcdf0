/** The one gate: format, lint, types, examples, tests. `deno task ok`; CONTRIBUTING.md says more. @module */

import { runStep, type StepResult } from "./step.ts";
import { type Selection, steps } from "./steps.ts";
import { failureText, lastLine, stepLine, summarise } from "./summary.ts";
import { ROOT, source } from "./tree.ts";

const [selection = "ok", ...chosen] = Deno.args;
const strict = Deno.env.get("GATEWRIGHT_STRICT") === "1";
const pinned: string = JSON.parse(source("deno.json").text).engines.deno;

if (Deno.version.deno !== pinned) {
  console.error(
    `This is Deno ${Deno.version.deno}; the project is made for ${pinned}: npx -y deno@${pinned} task test`,
  );
  if (strict) Deno.exit(1);
}

const results: StepResult[] = [];
for (const step of steps(selection as Selection, chosen)) {
  const result = await runStep(step, ROOT);
  results.push(result);
  console.log(stepLine(result));
  if (!result.ok) console.log(`\n${failureText(result).trim()}\n`);
}

const summary = summarise(results, strict);
for (const test of summary.ignored) console.log(`ignored   ${test}`);
console.log(lastLine(summary, strict));
Deno.exit(summary.failed > 0 ? 1 : 0);

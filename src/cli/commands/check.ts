/** `check`: whether a config is right. @module */

import { routeViews } from "../../admin/route_view.ts";
import type { Command } from "../command.ts";
import { hopTable } from "../hop_table.ts";
import { issueCount, issueReport } from "../issue_report.ts";
import { loadPlan } from "../load_plan.ts";
import { stackText } from "../stack_text.ts";

/** Proves a config before it meets traffic. */
export const check: Command = {
  name: "check",
  argument: "config",
  summary: "says everything that is wrong with a config",
  details: [
    "Of a right one, also how long each route's clients wait at worst, from their last byte to the head of an answer.",
    "Nothing is started and nothing is connected to. The exit code is 1 when there is an error;",
    "warnings do not count.",
  ],
  options: {
    json: { help: "print the issues as JSON" },
    "without-secrets": { help: "missing secrets and files are warnings, not errors" },
    debug: { help: "print the stack of an error" },
  },
  async run(given, terminal) {
    const { source, plan, issues, causes } = await loadPlan({ file: given.argument }, {
      withoutSecrets: given.has("without-secrets"),
    });
    const views = plan === null ? [] : routeViews(plan);
    if (given.has("json")) {
      const hops = views.flatMap(({ id, hops }) => hops.map((hop) => ({ route: id, ...hop })));
      terminal.out(JSON.stringify({ ok: plan !== null, config: source, issues, hops }, null, 2) + "\n");
    } else {
      const count = issueCount(issues);
      terminal.out(issueReport(issues));
      terminal.out(hopTable(views, false).map((line) => line + "\n").join(""));
      terminal.out(
        plan === null ? `${source}: ${count}\n` : `${source} is right${count === "" ? "" : `, with ${count}`}\n`,
      );
    }
    if (given.has("debug")) terminal.err(causes.map(stackText).join(""));
    return plan === null ? 1 : 0;
  },
};

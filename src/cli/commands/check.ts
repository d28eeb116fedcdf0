/** `check`: whether a config is right. @module */

import type { Command } from "../command.ts";
import { issueCount, issueReport } from "../issue_report.ts";
import { loadPlan } from "../load_plan.ts";
import { stackText } from "../stack_text.ts";

/** Proves a config before it meets traffic. */
export const check: Command = {
  name: "check",
  argument: "config",
  summary: "says everything that is wrong with a config",
  details: [
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
    if (given.has("json")) {
      terminal.out(JSON.stringify({ ok: plan !== null, config: source, issues }, null, 2) + "\n");
    } else {
      const count = issueCount(issues);
      terminal.out(issueReport(issues));
      terminal.out(
        plan === null ? `${source}: ${count}\n` : `${source} is right${count === "" ? "" : `, with ${count}`}\n`,
      );
    }
    if (given.has("debug")) terminal.err(causes.map(stackText).join(""));
    return plan === null ? 1 : 0;
  },
};

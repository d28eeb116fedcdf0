/** `routes`: what a config compiles to. @module */

import { type ConsumerView, consumerViews } from "../../admin/consumer_view.ts";
import { type RouteView, routeViews } from "../../admin/route_view.ts";
import type { Command } from "../command.ts";
import { refusal } from "../issue_report.ts";
import { loadPlan } from "../load_plan.ts";
import { hopTable } from "../hop_table.ts";
import { chainText, FAILURES_NOTE, routeText } from "../route_text.ts";
import { stackText } from "../stack_text.ts";
import { textTable } from "../text_table.ts";

/** Shows the compiled routes. */
export const routes: Command = {
  name: "routes",
  argument: "config",
  summary: "shows the compiled routes in the order in which they are tried",
  details: [
    "Each with its conditions, the policies that a request passes, and where it leads; then the policies of consumers,",
    "how often a request is sent to an upstream, when, and how long its client waits at worst, from its last byte to",
    "the head of an answer. Nothing is started.",
  ],
  options: {
    json: { help: "print JSON" },
    debug: { help: "print the stack of an error" },
  },
  async run(given, terminal) {
    const loaded = await loadPlan({ file: given.argument }, { withoutSecrets: true });
    if (loaded.plan === null) {
      terminal.err(refusal(loaded, "there are no routes to show"));
      if (given.has("debug")) terminal.err(loaded.causes.map(stackText).join(""));
      return 1;
    }
    const views = routeViews(loaded.plan), consumers = consumerViews(loaded.plan);
    terminal.out(
      given.has("json") ? JSON.stringify({ routes: views, consumers }, null, 2) + "\n" : tables(views, consumers),
    );
    return 0;
  },
};

function tables(views: readonly RouteView[], consumers: readonly ConsumerView[]): string {
  const routes = views.map(routeText).map(
    ({ methods, host, path, chain, target }) => [methods, host, path, chain, target],
  );
  const lines = textTable([["METHODS", "HOST", "PATH", "CHAIN", "TARGET"], ...routes]), hops = hopTable(views, true);
  if (consumers.length > 0) {
    const rows = consumers.map(({ name, chain }) => [name, chainText(chain)]);
    lines.push("", ...textTable([["CONSUMER", "CHAIN, BEHIND WHAT FINDS IT OUT"], ...rows]));
  }
  if (hops.length > 0) lines.push("", ...hops);
  if (hops.some((line) => line.includes(": failures"))) lines.push("", FAILURES_NOTE);
  return lines.join("\n") + "\n";
}

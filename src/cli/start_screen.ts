/** A start as a screen, for people. @module */

import { routeViews } from "../admin/route_view.ts";
import type { ListenerPlan, Plan } from "../compile/plan.ts";
import { formatDuration } from "../core/units.ts";
import type { RunningDemo } from "../runtime/demo/start_demos.ts";
import { EXPOSED_PATHS } from "../telemetry/exposed_paths.ts";
import { addressUrl } from "./address_text.ts";
import { routeText } from "./route_text.ts";
import type { Started } from "./started.ts";
import { accessLogText, pushText, tracesText } from "./telemetry_text.ts";
import { textTable } from "./text_table.ts";

/** Routes that are listed; a longer table is for the `routes` command. */
const MOST_ROUTES = 16;

/** What is served where, and how to reload and stop. */
export function startScreen({ version, source, plan, listeners, admin, demos }: Started, colors: boolean): string {
  const paint = colors ? PAINT : PLAIN;
  const row = (label: string, text: string) => `  ${paint.label(label.padEnd(8))} ${text}`;
  const lines = [
    "",
    `  ${paint.title("Gatewright")} ${version}  ${paint.label(source)}`,
    "",
    ...listeners.map((listener, i) => {
      const pages = exposedPages(plan.listeners[i]).map((page) => ` ${page}`).join("");
      return row("Serving", paint.url(addressUrl(listener)) + (pages === "" ? "" : ` ${pages}`));
    }),
  ];
  if (admin !== null) {
    lines.push(row("Admin", `${paint.url(addressUrl(admin))}  ${adminPages(plan).join(" ")}`));
  }
  if (demos.length > 0) lines.push(row("Demos", demosText(demos)));
  const { accessLog, traces, metrics } = plan.telemetry;
  lines.push(row("Log", accessLogText(accessLog)));
  if (traces !== null) lines.push(row("Traces", tracesText(traces)));
  if (metrics !== null && metrics.otlp !== null) lines.push(row("Metrics", pushText(metrics.otlp)));
  lines.push(
    "",
    `  ${counted(plan.routes.length, "route")}, ${counted(plan.upstreams.length, "upstream")}`,
  );
  const routes = routeViews(plan).map(routeText);
  const shown = routes.length > MOST_ROUTES ? routes.slice(0, MOST_ROUTES - 1) : routes;
  const withHosts = routes.some(({ host }) => host !== "*");
  const table = textTable(shown.map(({ methods, host, path, target }) => [
    methods,
    ...(withHosts ? [host] : []),
    path,
    `→ ${target}`,
  ]));
  lines.push(...table.map((line) => `    ${line}`));
  if (shown.length < routes.length) {
    lines.push(`    … and ${routes.length - shown.length} more; the routes command lists all`);
  }
  lines.push("");
  // Deno restarts for modules; YAML is none.
  if (!source.startsWith("--to ") && /\.[mc]?[jt]s$/.test(source)) {
    lines.push(row("Reload", "restart it, or run `deno task dev`, which restarts it at each change"));
  }
  lines.push(
    row(
      "Stop",
      `Ctrl-C; requests under way get ${formatDuration(plan.shutdown.grace)} to end, a second Ctrl-C cuts them`,
    ),
    "",
    "",
  );
  return lines.join("\n");
}

type Painter = (text: string) => string;

const PAINT: Record<"title" | "label" | "url", Painter> = {
  title: (text) => `\x1b[1m${text}\x1b[0m`,
  label: (text) => `\x1b[2m${text}\x1b[0m`,
  url: (text) => `\x1b[36m${text}\x1b[0m`,
};
const PLAIN: Record<"title" | "label" | "url", Painter> = {
  title: (text) => text,
  label: (text) => text,
  url: (text) => text,
};

function adminPages(plan: Plan): string[] {
  return [
    ...["/livez", "/readyz", "/health"],
    ...(plan.telemetry.metrics === null ? [] : ["/metrics"]),
    ...["/config", "/routes", "/upstreams"],
    ...(hasCache(plan) ? ["/cache"] : []),
  ];
}

/** What a listener answers beside routes; one of two names for one page. */
function exposedPages(listener: ListenerPlan | undefined): string[] {
  return listener?.expose.flatMap((one) => EXPOSED_PATHS[one]).filter((page) => page !== "/ready") ?? [];
}

/** Whether there is anything to see of caches. */
function hasCache({ policies, routes, consumers }: Plan): boolean {
  return [{ policies }, ...routes, ...consumers].some((one) =>
    one.policies.some(({ policy }) => policy.kind === "cache")
  );
}

/** `fast :9001 :9002, slow :9003 (800ms)`. */
function demosText(demos: readonly RunningDemo[]): string {
  const kinds = Map.groupBy(demos, ({ kind }) => kind);
  return [...kinds].map(([kind, demos]) => `${kind} ${demos.map(demoText).join(" ")}`).join(", ");
}

function demoText({ url, plan }: RunningDemo): string {
  const port = `:${new URL(url).port}`;
  switch (plan.kind) {
    case "slow":
      return `${port} (${formatDuration(plan.delay)})`;
    case "faulty":
      return `${port} (fails ${Number((plan.failureRate * 100).toFixed(1))}%)`;
    default:
      return port;
  }
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

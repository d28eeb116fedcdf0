import { strict as assert } from "node:assert";
import { ROOT } from "../gate/tree.ts";
import { promtool } from "../support/promtool.ts";
import { requires } from "../support/requires.ts";
import { DASHBOARD, PANELS, RULES } from "./deployed.ts";
import { scrapesOfAnEventfulDay } from "./eventful_gateway.ts";
import { PrometheusServer } from "./prometheus_server.ts";

const tool = requires("promtool");
const server = requires("promtool", "prometheus");
const folder = `${ROOT}/deploy/prometheus`;

tool.test("promtool is content with Prometheus's config, with the rules and with their stories", async () => {
  assert.equal(await promtool(tool, ["check", "config", `${folder}/prometheus.yml`]), "");
  assert.equal(await promtool(tool, ["check", "rules", `${folder}/alerts.yml`]), "");
  assert.equal(await promtool(tool, ["test", "rules", `${folder}/alerts_test.yml`]), "");
});

/** What nothing in this gateway's life makes. */
const WITHOUT_DATA: readonly string[] = [
  // Metrics are pushed nowhere.
  "gatewright_metrics_push_failures_total",
  // No store is away.
  'outcome="store-away"',
];

server.test("every query of the dashboard and of the rules finds what a gateway told", async (t) => {
  const last = Math.floor(Date.now() / 1000), target = { job: "gatewright", instance: "gateway:9464" };
  const scrapes = await scrapesOfAnEventfulDay([last - 45, last - 30, last - 15, last]);
  await using prometheus = await PrometheusServer.start(server, scrapes, target);

  const chosen: Record<string, string> = { __rate_interval: "1m", __interval: "1m" };
  for (const { name, type, query } of DASHBOARD.templating.list) {
    if (type !== "query") continue;
    await t.step(`variable ${name} has values`, async () => {
      const text = filled(typeof query === "string" ? query : query.query, chosen);
      const [, match, label] = /^label_values\((.*), (\w+)\)$/.exec(text)!;
      const values = await prometheus.labelValues(label, match);
      assert.ok(values.length > 0, `${text} has no values`);
      chosen[name] = name === "job" ? values[0] : ".*";
    });
  }
  const finds = async (expression: string) => {
    const series = await prometheus.query(expression, last);
    if (WITHOUT_DATA.some((part) => expression.includes(part))) return assert.deepEqual(series, []);
    assert.ok(series.length > 0, `${expression} finds nothing`);
    assert.ok(series.some(({ value }) => value[1] !== "NaN"), `${expression} finds no number`);
  };
  for (const { title, targets } of PANELS) {
    await t.step(`panel ${title}`, async () => {
      for (const { expr, legendFormat } of targets!) {
        const expression = filled(expr, chosen);
        await finds(expression);
        const [found] = await prometheus.query(expression, last);
        for (const [, label] of legendFormat?.matchAll(/\{\{(\w+)\}\}/g) ?? []) {
          // An empty label is one that is not there.
          const mayBeEmpty = label === "endpoint" || label === "route";
          assert.ok(mayBeEmpty || found === undefined || label in found.metric, `${expression} has no label ${label}`);
        }
      }
    });
  }
  for (const { expr } of DASHBOARD.annotations.list) await t.step(expr, () => finds(alwaysTold(filled(expr, chosen))));
  const recorded = RULES.filter(({ record }) => record !== undefined);
  for (const { record, alert, expr } of RULES) {
    await t.step(`rule ${record ?? alert}`, async () => {
      const whole = recorded.reduce((text, { record, expr }) => text.replaceAll(record!, `(${expr})`), expr);
      if (whole.startsWith("absent(")) return assert.deepEqual(await prometheus.query(whole, last), []);
      await finds(alwaysTold(whole));
    });
  }
});

/** With the dashboard's variables in their places. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\w+)/g, (_, name) => values[name] ?? assert.fail(`there is no variable ${name}`));
}

/** Comparisons that give 0 or 1 where they would leave out what they do not hold for. */
function alwaysTold(expression: string): string {
  return expression.replace(/ (==|!=|>=|<=|>|<) /g, " $1 bool ");
}

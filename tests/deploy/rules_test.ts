import { strict as assert } from "node:assert";
import { source } from "../gate/tree.ts";
import { metricsOf, PANELS, RULES } from "./deployed.ts";

const STORIES = source("deploy/prometheus/alerts_test.yml").text;
const ALERTS = RULES.filter(({ alert }) => alert !== undefined);

for (const { alert, expr, labels, annotations = {} } of ALERTS) {
  Deno.test(`rules: ${alert} says how bad it is, what it means and what to do, and has a story in which it fires`, () => {
    assert.ok(["critical", "warning"].includes(labels?.severity ?? ""));
    assert.deepEqual(Object.keys(annotations), ["summary", "description", "runbook"]);
    assert.ok(annotations.summary.length < 100, "a summary is what fits on a telephone");
    assert.ok(STORIES.includes(`alertname="${alert}"`), "no story has it");
    // Names that other programs have too mean this job's only.
    for (const name of metricsOf(expr).filter((name) => !/^gatewright_|^job:/.test(name))) {
      assert.match(expr, new RegExp(`${name}\\{job="gatewright"`), name);
    }
  });
}

Deno.test("rules: a panel that a runbook names is on the dashboard", () => {
  const titles = PANELS.map(({ title }) => title);
  const named = ALERTS.flatMap(({ annotations }) => [...annotations!.runbook.matchAll(/"([^"]+)"/g)]);
  assert.ok(named.length > 0);
  for (const [, title] of named) assert.ok(titles.includes(title), `there is no panel "${title}"`);
});

Deno.test("rules: what is recorded is used", () => {
  for (const { record } of RULES.filter(({ record }) => record !== undefined)) {
    assert.ok(ALERTS.some(({ expr }) => expr.includes(record!)), record);
  }
});

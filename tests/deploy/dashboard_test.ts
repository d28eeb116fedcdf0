import { strict as assert } from "node:assert";
import { DASHBOARD, PANELS } from "./deployed.ts";

Deno.test("dashboard: Grafana 10 and later can load it, and finds its own data source", () => {
  assert.equal(DASHBOARD.uid, "gatewright");
  assert.ok(DASHBOARD.schemaVersion >= 38, "Grafana 10 writes 38 and more");
  const [first, ...others] = DASHBOARD.templating.list;
  assert.deepEqual([first.name, first.type, first.query], ["datasource", "datasource", "prometheus"]);
  assert.deepEqual(others.map(({ name }) => name), ["job", "instance", "route", "upstream"]);
  for (const { title, datasource } of PANELS) {
    assert.deepEqual(datasource, { type: "prometheus", uid: "${datasource}" }, title);
  }
});

Deno.test("dashboard: every panel says what it shows, in which unit, and what its lines are", () => {
  for (const { title, type, description, fieldConfig, targets = [] } of PANELS) {
    assert.ok(title !== "" && description !== undefined && description !== "", title);
    assert.ok(fieldConfig?.defaults.unit !== undefined, `${title} has no unit`);
    assert.ok(targets.length > 0, `${title} asks nothing`);
    if (type !== "table") assert.ok(targets.every(({ legendFormat }) => legendFormat), `${title} has no legend`);
    const refs = targets.map(({ refId }) => refId);
    assert.equal(new Set(refs).size, refs.length, title);
  }
});

Deno.test("dashboard: no two panels have one id, one title or one place, and none is wider than the board", () => {
  const { panels } = DASHBOARD;
  for (const member of ["id", "title"] as const) {
    const all = panels.map((panel) => panel[member]);
    assert.deepEqual(all.filter((value, i) => all.indexOf(value) !== i), []);
  }
  const taken = new Map<string, string>();
  for (const { title, gridPos: { x, y, w, h } } of panels) {
    assert.ok(x >= 0 && x + w <= 24, title);
    for (let column = x; column < x + w; column++) {
      for (let line = y; line < y + h; line++) {
        const place = `${column} ${line}`;
        assert.equal(taken.get(place), undefined, `${title} covers ${taken.get(place)}`);
        taken.set(place, title);
      }
    }
  }
});

Deno.test("dashboard: rates span what the data source finds right for the time shown", () => {
  for (const { title, targets = [] } of PANELS) {
    for (const { expr } of targets) assert.doesNotMatch(expr, /\[\d+[smhdwy]/, `${title} has a window of its own`);
  }
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { DynamicTable } from "../../../src/http/hpack/dynamic_table.ts";

/** The table as RFC 7541 §4 describes it. */
class Model {
  entries: [string, string][] = [];
  constructor(public limit: number) {}
  add(name: string, value: string): void {
    this.entries.unshift([name, value]);
    this.evict();
  }
  evict(): void {
    const size = () => this.entries.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
    while (size() > this.limit) this.entries.pop();
  }
}

Deno.test("DynamicTable is the table of RFC 7541 §4", () => {
  const step = fc.oneof(
    fc.record({ name: fc.string({ maxLength: 20 }), value: fc.string({ maxLength: 90 }) }),
    fc.record({ limit: fc.nat({ max: 200 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const table = new DynamicTable(200), model = new Model(200);
      for (const step of steps) {
        if ("limit" in step) {
          table.resize(step.limit);
          model.limit = step.limit;
          model.evict();
        } else {
          table.add(step.name, step.value);
          model.add(step.name, step.value);
        }
        const entries = Array.from({ length: table.count }, (_, i) => [table.name(i), table.value(i)]);
        assert.deepEqual(entries, model.entries);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("a DynamicTable of nothing holds nothing", () => {
  const table = new DynamicTable(0);
  table.add("", "");
  assert.equal(table.count, 0);
});

import { strict as assert } from "node:assert";
import { z } from "zod";
import type { StorePlan } from "../../src/compile/plan.ts";
import { stores } from "../../src/compile/stores.ts";
import type { BuildEnv } from "../../src/core/build_env.ts";
import { StateRegistry } from "../../src/core/state_registry.ts";
import { type Limiter, recordStore, type Store, type StoreDefinition } from "../../src/core/store.ts";
import { memory } from "../../src/state/memory.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { storeEnv } from "../support/open_store.ts";

/** What became of the stores that were opened. */
class Opened {
  readonly events: string[] = [];
  readonly #definition: StoreDefinition = {
    kind: "noted",
    schema: z.unknown(),
    describe: () => "noted",
    needsLua: false,
    open: (options, _env, name) => {
      const which = `${name} ${JSON.stringify(options)}`;
      this.events.push(`open ${which}`);
      return new NotedStore(() => this.events.push(`close ${which}`));
    },
  };

  plan(name: string, options: unknown): StorePlan {
    return { name, store: recordStore(this.#definition, options), summary: "noted" };
  }
}

class NotedStore implements Store {
  readonly remote = true;
  constructor(readonly close: () => void) {}
  limiter(): Limiter {
    return { take: () => [], charge: () => {} };
  }
}

/** The stores of one plan, asked for by `build`; then the plan is in force. */
function load(states: StateRegistry, plans: readonly StorePlan[], build: (env: Pick<BuildEnv, "store">) => void): void {
  states.begin();
  build(stores(plans, { ...storeEnv(new FakeClock()), state: states.state }));
  states.commit();
}

Deno.test("a store is opened when somebody asks for it, and once", () => {
  const opened = new Opened(), states = new StateRegistry();
  load(states, [opened.plan("default", 1), opened.plan("a", 2), opened.plan("b", 3)], (env) => {
    env.store("a");
    env.store("a");
    assert.deepEqual(opened.events, ["open a 2"]);
    env.store();
  });
  assert.deepEqual(opened.events, ["open a 2", "open default 1"]);
});

Deno.test("a store outlives a reload as it is; one that changed or that nobody asks for is closed", () => {
  const opened = new Opened(),
    states = new StateRegistry(),
    all = (env: Pick<BuildEnv, "store">) => {
      for (const name of ["same", "other", "gone"]) env.store(name);
    };
  load(states, [opened.plan("same", 1), opened.plan("other", { a: 1 }), opened.plan("gone", 1)], all);
  opened.events.length = 0;
  load(states, [opened.plan("same", 1), opened.plan("other", { a: 2 }), opened.plan("gone", 1)], (env) => {
    env.store("same");
    env.store("other");
    assert.deepEqual(opened.events, ['open other {"a":2}'], "the old one serves until the new plan is in force");
  });
  assert.deepEqual(opened.events.slice(1).sort(), ["close gone 1", 'close other {"a":1}']);
  states.close();
  assert.deepEqual(opened.events.slice(3).sort(), ['close other {"a":2}', "close same 1"]);
});

Deno.test("a store is as far away as the one that is kept", () => {
  const plans: StorePlan[] = [{ name: "default", store: memory(), summary: "memory" }, new Opened().plan("far", 1)];
  load(new StateRegistry(), plans, (env) => {
    assert.deepEqual([env.store().remote, env.store("far").remote], [false, true]);
  });
});

Deno.test("there is no store that the plan does not have", () => {
  const plans: StorePlan[] = [{ name: "default", store: memory(), summary: "memory" }];
  load(new StateRegistry(), plans, (env) => {
    assert.throws(() => env.store("a"), /^TypeError: there is no store "a"$/);
  });
});

import { Events } from "../../../src/core/events.ts";
import { silentLog } from "../../../src/core/log.ts";
import type { Limiter, Store } from "../../../src/core/store.ts";
import { sharedDefinition } from "../../../src/state/shared_memory.ts";
import type { FakeClock } from "../../support/fake_clock.ts";
import { limiterConformance } from "../limiter_conformance.ts";
import { OneProcess } from "./one_process.ts";

const open = (clock: FakeClock, regions = new OneProcess()): Store =>
  sharedDefinition.open({ maxKeys: 1000 }, {
    clock,
    random: () => 0,
    log: silentLog,
    events: new Events(),
    secrets: () => ({ error: "none" }),
    regions,
  }, "default");

limiterConformance({ name: "shared()", runs: 200, open: (clock) => open(clock) });

limiterConformance({
  name: "shared(), opened twice and asked in turn,",
  runs: 200,
  open(clock) {
    const regions = new OneProcess();
    return new InTurn([open(clock, regions), open(clock, regions)]);
  },
});

/** Stores that are asked one after the other, as if they were one. */
class InTurn implements Store {
  readonly remote = false;

  constructor(readonly stores: readonly Store[]) {}

  limiter(init: Parameters<Store["limiter"]>[0]): Limiter {
    const limiters = this.stores.map((store) => store.limiter(init));
    let asked = 0;
    const next = () => limiters[asked++ % limiters.length];
    return {
      take: (...request) => next().take(...request),
      charge: (...request) => next().charge(...request),
    };
  }

  close(): void {
    for (const store of this.stores) store.close();
  }
}

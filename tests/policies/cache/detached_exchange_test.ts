import { strict as assert } from "node:assert";
import type { LimitOutcome } from "../../../src/core/exchange.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { DetachedExchange } from "../../../src/policies/cache/detached_exchange.ts";
import { makeExchange } from "../../support/exchange.ts";

const TOLD: readonly (readonly [before: LimitOutcome, behind: LimitOutcome, told: LimitOutcome])[] = [
  ["", "", ""],
  ["", "passed", "passed"],
  ["passed", "", "passed"],
  ["passed", "refused", "refused"],
  ["delayed", "passed", "delayed"],
  ["delayed", "refused", "refused"],
];

for (const [before, behind, told] of TOLD) {
  Deno.test(`of limits before a cache that said "${before}", and behind it "${behind}", "${told}" is told`, () => {
    const led = makeExchange(), copy = new DetachedExchange(led, HeaderList.of(), 0, led);
    led.limit = before;
    copy.limit = behind;
    copy.tell();
    assert.equal(led.limit, told);
  });
}

import { strict as assert } from "node:assert";
import type { Purge } from "../../../src/core/purge.ts";
import { messageText, parseMessage } from "../../../src/state/redis/purge_message.ts";

Deno.test("a message is read as it was written", () => {
  const orders: Purge[] = [
    { target: { url: "https://a.example/ü" }, soft: false },
    { target: { prefix: "/" }, soft: true },
    { target: { tag: "t" }, soft: true },
    { target: { all: true }, soft: false },
  ];
  for (const order of orders) {
    const message = { from: "f", id: "i", order };
    assert.deepEqual(parseMessage(messageText(message)), message);
  }
});

Deno.test("a message that nobody here would write is none", () => {
  const target = { tag: "t" }, order = { target, soft: true }, good = { from: "f", id: "i", order };
  const wrong: unknown[] = [
    ...[null, 1, "x", [], {}, { ...good, from: 1 }, { ...good, id: undefined }, { ...good, order: null }],
    ...[{ target }, { ...order, soft: "1" }, { ...order, target: {} }, { ...order, target: { tag: 1 } }].map((
      order,
    ) => ({
      ...good,
      order,
    })),
    ...[{ host: "a" }, { tag: "a", url: "b" }, { all: false }, null].map((target) => ({
      ...good,
      order: { ...order, target },
    })),
  ];
  for (const value of wrong) assert.equal(parseMessage(JSON.stringify(value)), null, JSON.stringify(value));
  assert.equal(parseMessage("{"), null);
  assert.equal(parseMessage(""), null);
});

/** A thread with a cache of seven answers, for `purge_channel_socket_test.ts`. @module */

import { systemClock } from "../../src/core/clock.ts";
import { PurgeChannel } from "../../src/runtime/purge_channel.ts";

const scope = self as unknown as { readonly name: string; postMessage(message: unknown): void };
new PurgeChannel(scope.name, systemClock).answer((order, cache) => {
  scope.postMessage({ order, cache });
  return Promise.resolve(7);
});

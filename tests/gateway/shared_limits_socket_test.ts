import { strict as assert } from "node:assert";
import { CliProcess } from "../cli/cli_process.ts";
import { RedisServer } from "../support/redis_server.ts";
import { requires } from "../support/requires.ts";
import { TempDir } from "../support/temp_dir.ts";

/** Machines. */
const NODES = 3;

/** Limits for an hour, so that nothing comes back meanwhile; a store that is slow is not one that is away. */
const config = (redis: RedisServer) => `
listen: { hostname: 127.0.0.1, port: 0 }
admin: false
stores:
  patient: { redis: { url: "${redis.url}", timeout: 20s } }
  default: { redis: { url: "${redis.url}", breaker: { openFor: 1ms } } }
routes:
  - { path: /token, respond: {}, policies: [{ rateLimit: { limit: 20, per: 1h, store: patient, onStoreError: deny } }] }
  - path: /both
    respond: {}
    policies:
      - rateLimit:
          limits: [{ limit: 15, per: 1h, algorithm: fixed-window }, { limit: 10, per: 24h, algorithm: sliding-window, key: global }]
          store: patient
          onStoreError: deny
  - { path: /local, respond: {}, policies: [{ rateLimit: { limit: 4, per: 1h } }] }
  - { path: /deny, respond: {}, policies: [{ rateLimit: { limit: 4, per: 1h, onStoreError: deny } }] }
  - { path: /allow, respond: {}, policies: [{ rateLimit: { limit: 4, per: 1h, onStoreError: allow } }] }
`;

/** Gateways of one config, each a process of its own. */
class Nodes implements AsyncDisposable {
  private constructor(readonly processes: readonly CliProcess[], readonly urls: readonly string[]) {}

  static async start(folder: TempDir): Promise<Nodes> {
    const processes = Array.from({ length: NODES }, () => new CliProcess(["start", folder.join("a.yaml")]));
    const urls = await Promise.all(processes.map(async (process) => String((await process.entry("listening")).url)));
    return new Nodes(processes, urls.map((url) => url.replace(/\/$/, "")));
  }

  /** Asks all nodes at once, each of them so often. @returns how many answers of each status there were */
  async ask(path: string, times: number): Promise<Record<number, number>> {
    const all = this.urls.flatMap((url) => Array.from({ length: times }, () => status(url + path)));
    return Object.fromEntries(
      Object.entries(Object.groupBy(await Promise.all(all), String)).map(([status, list]) => [status, list!.length]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.processes.map((process) => process[Symbol.asyncDispose]()));
  }
}

async function status(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

requires("redis-server").test(
  "three gateways count together in Redis, and each does as it was told without it",
  async (t) => {
    await using redis = await RedisServer.start();
    await using folder = await TempDir.make({ "a.yaml": config(redis) });
    await using nodes = await Nodes.start(folder);

    await t.step("the sum admitted is exactly the limit", async () => {
      assert.deepEqual(await nodes.ask("/token", 12), { 200: 20, 429: 16 });
      assert.deepEqual(await nodes.ask("/both", 8), { 200: 10, 429: 14 });
    });

    await t.step("a Redis that begins anew admits the limit once more, and no more", async () => {
      await redis.restart();
      const first = await nodes.ask("/token", 12);
      assert.ok((first[200] ?? 0) <= 20, JSON.stringify(first));
      await untilAnswered(nodes, "/both");
      const again = await nodes.ask("/token", 12);
      assert.equal((first[200] ?? 0) + (again[200] ?? 0), 20);
    });

    await t.step("without Redis each node goes on counting what it has admitted, refuses, or lets pass", async () => {
      const before = await nodes.ask("/local", 2);
      await redis.kill();
      const after = await nodes.ask("/local", 6);
      assert.equal(after[200] + after[429], 6 * NODES);
      assert.equal(before[200] + after[200], 4 * NODES);
      assert.deepEqual(await nodes.ask("/deny", 2), { 503: 2 * NODES });
      assert.deepEqual(await nodes.ask("/allow", 6), { 200: 6 * NODES });
    });

    await t.step("a Redis that hangs is one that is away", async () => {
      await redis.restart();
      await untilAnswered(nodes, "/deny");
      redis.pause();
      assert.deepEqual(await nodes.ask("/deny", 2), { 503: 2 * NODES });
      redis.resume();
    });
  },
);

/** Asks until an answer comes from the store: the nodes connect again by themselves. */
async function untilAnswered(nodes: Nodes, path: string): Promise<void> {
  for (const url of nodes.urls) while (await status(url + path) === 503);
}

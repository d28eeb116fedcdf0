/** A Redis cluster of a test's own. @module */

import { eventually, RedisServer } from "./redis_server.ts";
import { steadyPort } from "./steady_port.ts";

const SLOTS = 16384;

/** Three masters without replicas. A new one takes two seconds until it answers: Redis wants it so. */
export class RedisCluster implements AsyncDisposable {
  private constructor(readonly nodes: readonly RedisServer[]) {}

  static async start(): Promise<RedisCluster> {
    const buses = [steadyPort(), steadyPort(), steadyPort()];
    const nodes = await Promise.all(
      buses.map((bus) => RedisServer.start({ args: ["--cluster-enabled", "yes", "--cluster-port", `${bus}`] })),
    );
    const cluster = new RedisCluster(nodes);
    await Promise.all(nodes.map(async (node, i) => {
      const first = Math.floor(SLOTS / 3 * i), last = Math.floor(SLOTS / 3 * (i + 1)) - 1;
      await node.ask("CLUSTER", "ADDSLOTSRANGE", first, last);
      if (i > 0) await node.ask("CLUSTER", "MEET", "127.0.0.1", nodes[0].port, buses[0]);
    }));
    await eventually(() => cluster.#ready(), "the cluster to come together");
    return cluster;
  }

  get urls(): string[] {
    return this.nodes.map(({ url }) => url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node[Symbol.asyncDispose]()));
  }

  async #ready(): Promise<boolean> {
    const infos = await Promise.all(this.nodes.map((node) => node.ask("CLUSTER", "INFO")));
    return infos.every((info) => /cluster_state:ok/.test(`${info}`) && /cluster_known_nodes:3/.test(`${info}`));
  }
}

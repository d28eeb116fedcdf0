/** The part of the Redis client that is used here. @module */

import type { Cluster, Redis } from "ioredis";
import type { ClientOptions } from "./client_options.ts";
import { slotOf } from "./cluster_slot.ts";

/** A client of a server, or of a cluster. */
export type RedisClient = Redis | Cluster;

/** Makes a client, which is not connected yet. Its package is loaded by the first one: without Redis nobody pays for it. */
export async function makeClient(made: ClientOptions): Promise<RedisClient> {
  const { Cluster, Redis } = await import("ioredis");
  return made.kind === "cluster" ? new Cluster(made.nodes, made.options) : new Redis(made.options);
}

/** The sockets that commands leave by; some may be missing while they are made. */
export function socketsOf(client: RedisClient): Redis["stream"][] {
  const servers = isCluster(client) ? client.nodes("master") : [client];
  return servers.map(({ stream }) => stream).filter((stream) => stream !== undefined);
}

/** Which node of a cluster is asked for a key; `""` where there is but one server. */
export function nodeOf(client: RedisClient, key: string): string {
  return isCluster(client) ? client.slots[slotOf(key)]?.[0] ?? "" : "";
}

/** Gives up the connection to one node of a cluster, if that is what it is. The next command makes another. */
export function dropNode(client: RedisClient, node: string): boolean {
  if (!isCluster(client) || node === "") return false;
  client.nodes().find((server) => addressOf(server) === node)?.disconnect();
  return true;
}

function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}

function addressOf({ options: { host, port } }: Redis): string {
  return `${host}:${port}`;
}

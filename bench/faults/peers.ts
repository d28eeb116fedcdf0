/**
 * The proxies that are put under faults, in the order in which they are reported.
 *
 * @module
 */
import type { FaultPeer } from "./peer.ts";
import { caddy } from "./peers/caddy.ts";
import { gatewright } from "./peers/gatewright.ts";
import { haproxy } from "./peers/haproxy.ts";
import { nginx } from "./peers/nginx.ts";

/** Every peer. */
export const PEERS: readonly FaultPeer[] = [gatewright, nginx, haproxy, caddy];

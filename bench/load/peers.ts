/**
 * The proxies that can be measured, in the order in which they are reported.
 *
 * @module
 */
import type { Peer } from "./peer.ts";
import { caddy } from "./peers/caddy.ts";
import { fastify } from "./peers/fastify.ts";
import { gatewright, gatewrightServe } from "./peers/gatewright.ts";
import { haproxy } from "./peers/haproxy.ts";
import { nginx } from "./peers/nginx.ts";

/** Every peer. nginx comes first: the ratios are to it. */
export const PEERS: readonly Peer[] = [
  nginx,
  haproxy,
  gatewright,
  gatewrightServe,
  caddy,
  fastify,
];

/** The peer that all ratios refer to. */
export const REFERENCE: Peer = nginx;

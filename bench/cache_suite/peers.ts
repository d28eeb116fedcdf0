/**
 * The caches that can be tested, in the order in which they are reported.
 *
 * @module
 */
import type { Peer } from "../load/peer.ts";
import { caddy } from "./peers/caddy.ts";
import { gatewrightOn } from "./peers/gatewright.ts";
import { nginx } from "./peers/nginx.ts";
import { varnish } from "./peers/varnish.ts";

/** Every cache: our own with these options on both engines, then without, and those of others as for the published results. */
export function peersWith(options: string): Peer[] {
  return [
    gatewrightOn("gatewright", "h1", `cache(${options})`),
    gatewrightOn("gatewright-serve", "serve", `cache(${options})`),
    // What is wrong here has nothing to do with the cache.
    gatewrightOn("gatewright-uncached", "h1", ""),
    nginx,
    varnish,
    caddy,
  ];
}

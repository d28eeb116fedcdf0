/**
 * The caches that are measured, and the same programs without a cache.
 *
 * @module
 */
import type { Peer } from "../load/peer.ts";
import { gatewright, gatewrightOn } from "../load/peers/gatewright.ts";
import { nginx, nginxWith } from "../load/peers/nginx.ts";

/** nginx's proxy_cache, with one request to the origin for each miss. */
export const nginxCache: Peer = nginxCacheOn("nginx-cache", "");

/** The same, with what saves it from opening the file of an answer for each hit. */
const nginxCacheTuned: Peer = nginxCacheOn("nginx-cache-tuned", "open_file_cache max=1000 inactive=1h;");

/** Our own. */
export const gatewrightCache: Peer = gatewrightOn("gatewright-cache", "h1", { policies: ["cache"] });

/** The same without an access log, as nginx is. */
const gatewrightQuietCache: Peer = gatewrightOn("gatewright-cache-quiet", "h1", {
  policies: ["cache"],
  alwaysLogs: false,
});

const gatewrightServeCache: Peer = gatewrightOn("gatewright-serve-cache", "serve", { policies: ["cache"] });

/** What answers hits; nginx comes first, the ratios are to it. */
export const HIT_PEERS: readonly Peer[] = [
  nginxCache,
  nginxCacheTuned,
  gatewrightCache,
  gatewrightQuietCache,
  gatewrightServeCache,
];

/** What stands before the slow origin: without a cache, then with one. */
export const SLOW_PEERS: readonly Peer[] = [nginx, gatewright, nginxCache, gatewrightCache, gatewrightServeCache];

function nginxCacheOn(id: string, more: string): Peer {
  return nginxWith(id, {
    http: ({ dir }) =>
      `proxy_cache_path ${dir}/cache levels=1:2 keys_zone=cache:8m inactive=24h use_temp_path=off;\n  ${more}`,
    location: "proxy_cache cache;\n      proxy_cache_lock on;\n      add_header X-Cache $upstream_cache_status;",
  });
}

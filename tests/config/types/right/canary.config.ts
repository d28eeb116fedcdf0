import { type BalancerRequest, defineBalancer, defineGateway, definePolicy, type Endpoint, secret } from "gatewright";

const auth = definePolicy({ name: "auth", gives: ["jwt:sub", "consumer"], handle: (_ctx, next) => next() });

const byPath = (eligible: readonly Endpoint[], { path }: BalancerRequest): Endpoint =>
  eligible[path.length % eligible.length];

/** Known at run time only. */
const endpoints: string[] = ["http://10.0.5.1"];

export default defineGateway({
  upstreams: {
    shop: {
      endpoints: ["http://10.0.0.1:80", { url: "http://10.0.0.2:80", tier: 1 }, {
        url: "http://10.9.0.1",
        backup: true,
      }],
      balance: "peak-ewma",
      sticky: { cookie: "gw", secret: secret.env("STICKY"), ttl: "1h" },
      maxInFlight: { total: 500, queue: 20, queueTimeout: "500ms" },
      circuitBreaker: [{ failureRatio: 0.5, minRequests: 10 }, { per: "upstream", failures: ["connect-error", 503] }],
    },
    "shop-next": {
      endpoints: { dns: "https://next.internal", record: "address", refresh: "10s", nameservers: ["10.0.0.53"] },
      health: { path: "/up", statuses: ["2xx", 404, [300, 308]] },
      outliers: { consecutive5xx: 10, successRate: { deviations: 2 } },
      balance: defineBalancer({ name: "by path", create: () => byPath }),
    },
    prices: {
      endpoints: ["http://10.0.3.1:80", "http://10.0.3.2:80"],
      balance: "hash",
      hashBy: ["header:x-user", "ip"],
      boundedLoad: 1.25,
      hedge: { after: "p95", max: 1 },
      timeouts: { attempt: "300ms", total: "1s", deadlineHeader: "x-request-timeout" },
      retry: { attempts: 3, on: ["connect-error", "5xx", 429], backoff: { base: "10ms" }, budget: { floor: 10 } },
      health: { tcp: true },
    },
    shadow: { endpoints, maxInFlight: 64, retry: false },
  },
  policies: [auth],
  routes: [
    {
      path: "/shop/*rest",
      split: {
        to: [
          { upstream: "shop", weight: 95 },
          { upstream: "shop-next", weight: 5, when: "header:x-canary=1" },
          { upstream: "http://10.0.9.9", weight: 0, when: "header:x-lab" },
        ],
        stickyBy: ["jwt:sub", "cookie:uid", "param:rest"],
      },
      stripPrefix: "/shop",
      onClientAbort: "finish",
      mirror: { upstream: "shadow", share: 0.01, buffer: "1MiB" },
      fallback: { respond: { status: 503, body: "back soon" }, on: ["5xx"] },
      retry: false,
    },
    { path: "/stay", split: { to: [{ upstream: "shop", weight: 1 }], stickyBy: "ip" } },
    {
      path: "/prices/{sku}",
      methods: ["GET"],
      upstream: "prices",
      rewrite: "/v1/prices/:sku",
      hedge: { after: "80ms" },
      retry: { attempts: 2, on: ["connect-error", 503], backoff: "5ms" },
      fallback: { upstream: "http://10.0.4.1" },
    },
    {
      path: "/prices/{sku}",
      methods: ["POST"],
      upstream: "prices",
      hedge: false,
      retry: { unsafe: "may-duplicate", buffer: 0, budget: false },
      timeouts: { attempt: false, total: "5s", deadlineHeader: false },
      mirror: { upstream: "unix:/run/shadow.sock" },
    },
  ],
});

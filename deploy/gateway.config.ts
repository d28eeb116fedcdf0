/** What `compose.yaml` serves: demo endpoints with their troubles, all of it seen. Put your own upstreams in their place. */
import { cache, defineGateway, demo, rateLimit } from "gatewright";

export default defineGateway({
  listen: [
    { port: 8080, expose: ["health"] },
    { port: 9464, expose: ["health", "metrics"] }, // for Prometheus: compose.yaml does not publish it
  ],
  upstreams: {
    fast: {
      endpoints: [demo("fast", { port: 9001 }), demo("fast", { port: 9002 })],
      health: { interval: "5s" },
      required: true,
    },
    slow: [demo("slow", { port: 9003, delay: "300ms" })],
    faulty: {
      endpoints: [
        demo("faulty", { port: 9004, failureRate: 0.3 }),
        demo("faulty", { port: 9005, failureRate: 0.1 }),
      ],
      retry: { on: ["5xx", "reset", "connect-error"] },
      circuitBreaker: { failureRatio: 0.5, minRequests: 10, window: "10s", openFor: "5s" },
    },
  },
  routes: [
    { path: "/fast/*", upstream: "fast", public: true },
    { path: "/slow/*", upstream: "slow", public: true },
    { path: "/cached/*", upstream: "slow", public: true, policies: [cache({ defaultTtl: "10s" })] },
    { path: "/faulty/*", upstream: "faulty", public: true },
    { path: "/limited", upstream: "fast", public: true, policies: [rateLimit({ limit: 20, per: "10s" })] },
  ],
  telemetry: {
    traces: { to: { otlp: "http://jaeger:4318" }, responseHeader: true },
  },
});

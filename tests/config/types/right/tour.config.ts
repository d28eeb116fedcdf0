import { defineGateway, demo } from "gatewright";

export default defineGateway({
  upstreams: {
    fast: [demo("fast", { port: 9001 }), demo("fast", { port: 9002 })],
    slow: [demo("slow", { port: 9003, delay: "1s" })],
    faulty: { endpoints: [demo("faulty", { port: 9004, failureRate: 0.2 }), { demo: "faulty", port: 9005 }] },
  },
  routes: [
    { path: "/fast/*", upstream: "fast" },
    { path: "/slow", upstream: "slow" },
    { path: "/faulty", upstream: "faulty" },
  ],
});

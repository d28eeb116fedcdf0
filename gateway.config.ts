/**
 * A tour that runs without anything else: `deno task start`, then `curl http://localhost:8080/`.
 *
 * Change it while you look: a wrong name or option is red in the editor, and `deno task check` says all that is wrong.
 */
import { defineGateway, demo, headers, rateLimit } from "gatewright";

export default defineGateway({
  listen: { port: 8080 },
  upstreams: {
    // `start` serves demo endpoints on loopback. Your own server is a URL in their place: ["http://localhost:3000"].
    fast: [demo("fast", { port: 9001 }), demo("fast", { port: 9002 })], // they take turns
    slow: [demo("slow", { port: 9003, delay: "800ms" })],
    faulty: [demo("faulty", { port: 9004, failureRate: 0.3 }), demo("faulty", { port: 9005, failureRate: 0.2 })],
    echo: [demo("echo", { port: 9006 })],
  },
  // The most specific route wins, wherever it stands in the list.
  routes: [
    { path: "/", respond: { body: welcome() } },
    { path: "/fast/*", upstream: "fast" }, // /fast, /fast/ and everything below
    { path: "/slow/*", upstream: "slow" },
    { path: "/faulty/*", upstream: "faulty" },
    { path: "/echo/*", upstream: "echo" },
    { path: "/limited", upstream: "fast", policies: [rateLimit({ limit: 5, per: "10s" })] }, // by client address
    {
      path: "/api/users/:id",
      methods: ["GET"], // another method is answered with 405
      upstream: "echo",
      rewrite: "/users/:id", // :idd would not compile
      policies: [headers({ request: { set: { "x-user-id": "{param:id}" } } })],
    },
  ],
});

function welcome(): string {
  return `This is Gatewright. Try:

  curl localhost:8080/fast                 two endpoints take turns: look at the port
  curl localhost:8080/slow                 answers after 800 ms
  curl localhost:8080/faulty               fails about one time in four
  curl 'localhost:8080/echo/a/b?c=d'       shows what an upstream receives
  curl -i localhost:8080/limited           five times at once, then one each 2 s: look at ratelimit
  curl localhost:8080/api/users/7          reaches it as /users/7, with x-user-id: 7
  curl -d x localhost:8080/api/users/7     405: that route takes GET only
  curl localhost:9901/routes               the compiled routes, on the admin port

All of it is in gateway.config.ts.
`;
}

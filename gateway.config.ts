/**
 * A tour that runs without anything else: `deno task start`, then `curl http://localhost:8080/`.
 *
 * Change it while you look: a wrong name or option is red in the editor, and `deno task check` says all that is wrong.
 */
import { apiKey, cache, defineGateway, demo, headers, jwt, rateLimit } from "gatewright";

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
    { path: "/fast/*", upstream: "fast", public: true }, // /fast, /fast/ and everything below, for everybody
    { path: "/slow/*", upstream: "slow", public: true },
    { path: "/cached/*", upstream: "slow", public: true, policies: [cache({ defaultTtl: "10s" })] },
    { path: "/faulty/*", upstream: "faulty", public: true },
    { path: "/echo/*", upstream: "echo", public: true },
    { path: "/limited", upstream: "fast", public: true, policies: [rateLimit({ limit: 5, per: "10s" })] }, // by address
    {
      path: "/orders/*", // who has a key; in the config there is only its hash: `deno task cli key` makes both
      upstream: "echo",
      policies: [
        apiKey({ keys: { shop: "sha256:89421daeac2daa9b18cf659b81a5ccb511ecd421336317ab359e6ef7712c901a" } }),
        rateLimit({ limit: 100, per: "1m", key: "consumer" }),
      ],
    },
    {
      path: "/me", // who has a token that the holder of the private key has signed
      upstream: "echo",
      policies: [
        jwt({
          issuer: "https://id.example",
          audience: "tour",
          publicKey: { kty: "OKP", crv: "Ed25519", x: "9EARS6PFNwJdjJl7Zvucc4fT-IExCZclbez_VHfvNU4" },
          claims: { "x-user-id": "sub" }, // what the upstream is told; what clients send under this name is removed
        }),
      ],
    },
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
  curl localhost:8080/cached               so does this, the first time in ten seconds
  curl localhost:8080/faulty               fails about one time in four
  curl 'localhost:8080/echo/a/b?c=d'       shows what an upstream receives
  curl -i localhost:8080/limited           five times at once, then one each 2 s: look at ratelimit
  curl -i localhost:8080/orders            401: it takes the key that README has for it
  curl -i localhost:8080/me                401: it takes the token that README has for it
  curl localhost:8080/api/users/7          reaches it as /users/7, with x-user-id: 7
  curl -d x localhost:8080/api/users/7     405: that route takes GET only
  curl localhost:9901/routes               the compiled routes, on the admin port

All of it is in gateway.config.ts.
`;
}

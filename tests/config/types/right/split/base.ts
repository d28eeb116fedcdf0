import { defineBase, definePolicy, headers } from "gatewright";

/** The guard of the private routes, written once. */
export const member = definePolicy({
  name: "member",
  gives: ["consumer", "jwt:sub"],
  handle(ctx, next) {
    const subject = ctx.header("x-subject");
    if (subject === null) return new Response("who are you?", { status: 401 });
    ctx.identity = { subject, consumer: subject, claims: { sub: subject } };
    return next();
  },
});

export const base = defineBase({
  upstreams: {
    users: {
      endpoints: ["http://127.0.0.1:9001", { url: "http://127.0.0.1:9002", weight: 2 }],
      timeouts: { connect: "1s", head: "5s", idle: "60s" },
    },
    docs: "http://127.0.0.1:9100",
  },
  policies: [headers({ response: { remove: ["server"] } })],
});

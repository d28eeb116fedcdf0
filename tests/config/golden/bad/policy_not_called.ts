import { defineGateway, headers } from "gatewright";

export default defineGateway({
  policies: [headers],
  routes: [{ path: "/a", respond: { body: "hi" }, policies: [{ kind: "headers", options: {} }] }],
} as never);

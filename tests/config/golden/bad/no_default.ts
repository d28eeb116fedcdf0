import { defineGateway } from "gatewright";

export const config = defineGateway({ routes: [{ path: "/a", respond: { body: "hi" } }] });

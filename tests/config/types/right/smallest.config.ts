import { defineGateway } from "gatewright";

export default defineGateway({ routes: [{ path: "/*", upstream: "http://localhost:3000" }] });

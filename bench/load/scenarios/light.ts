/**
 * Shape A: the least that HTTP allows. One request field (Host), five response fields, 31 bytes of body.
 *
 * @module
 */
import type { Scenario } from "../scenario.ts";

/** The light shape. */
export const light: Scenario = {
  id: "A",
  title: "light: 1 request header, 5 response headers, 31-byte body",
  path: "/",
  requestHeaders: [],
  origin: ["default_type application/json;", `return 200 '{"msg":"hello world","n":12345}';`],
  answer: { headers: 5, bodyBytes: 31 },
};

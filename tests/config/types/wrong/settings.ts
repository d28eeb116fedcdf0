/** Settings of the gateway. @module */

import { DURATION, gateway, gatewayType, ROUTES, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** Settings of the gateway. */
export const SETTINGS: readonly WrongConfig[] = [
  {
    name: "a typo in a key of the config",
    config: gateway(`trustedProxys: [], ${ROUTES}`),
    errors: [[
      unknownKey(
        "trustedProxys",
        gatewayType("unknown", 'readonly ["/a"], readonly [{ readonly path: "/a"; readonly upstream: "users"; }]'),
        "trustedProxies",
      ),
      "trustedProxys:",
    ]],
  },
  {
    name: "a key of YAML only",
    config: gateway(`plugins: [], ${ROUTES}`),
    errors: [[
      unknownKey(
        "plugins",
        gatewayType("unknown", 'readonly ["/a"], readonly [{ readonly path: "/a"; readonly upstream: "users"; }]'),
      ),
      "plugins:",
    ]],
  },
  {
    name: "no routes",
    config: "export default defineGateway({ listen: { port: 80 } });",
    errors: [[
      "Argument of type '{ listen: { port: number; }; }' is not assignable to parameter of type 'GatewayConfig<" +
      "Record<never, never>, readonly [], Record<never, never>, { readonly port: 80; }, readonly [], readonly string[], readonly unknown[], Record<never, never>>'.",
      "{ listen:",
    ]],
  },
  {
    name: "an unknown key of admin",
    config: gateway(`admin: { prt: 80 }, ${ROUTES}`),
    errors: [[unknownKey("prt", "AdminConfig", "port"), "prt:"]],
  },
  {
    name: "a token that is written out",
    config: gateway(`admin: { token: "secret" }, ${ROUTES}`),
    errors: [[wrong("string", "Secret | undefined"), "token:"]],
  },
  {
    name: "a wrong word for slashes",
    config: gateway(`paths: { encodedSlash: "kep" }, ${ROUTES}`),
    errors: [[wrong('"kep"', '"keep" | "reject" | undefined', '"keep"'), "encodedSlash:"]],
  },
  {
    name: "a method in place of a list",
    config: gateway(`methods: "PURGE", ${ROUTES}`),
    errors: [[wrong("string", "readonly string[]"), "methods:"]],
  },
  {
    name: "an unknown key of paths",
    config: gateway(`paths: { mergeSlashs: true }, ${ROUTES}`),
    errors: [[unknownKey("mergeSlashs", "PathsConfig", "mergeSlashes"), "mergeSlashs:"]],
  },
  {
    name: "an unknown key of requestId",
    config: gateway(`requestId: { heder: "x-id" }, ${ROUTES}`),
    errors: [[unknownKey("heder", "RequestIdConfig", "header"), "heder:"]],
  },
  {
    name: "an unknown key of telemetry",
    config: gateway(`telemetry: { accesslog: true }, ${ROUTES}`),
    errors: [[unknownKey("accesslog", "TelemetryConfig", "accessLog"), "accesslog:"]],
  },
  {
    name: "an unknown key of shutdown",
    config: gateway(`shutdown: { graze: "1s" }, ${ROUTES}`),
    errors: [[unknownKey("graze", "ShutdownConfig", "grace"), "graze:"]],
  },
  {
    name: "a duration without a known unit",
    config: gateway(`shutdown: { grace: "60sec" }, ${ROUTES}`),
    errors: [[wrong('"60sec"', `${DURATION} | undefined`), "grace:"]],
  },
];

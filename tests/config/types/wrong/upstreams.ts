/** Wrong upstreams, and routes to upstreams that are not there. @module */

import { DURATION, HTTP, route, unknownKey, upstream, wrong, type WrongConfig } from "./wrong_config.ts";

/** Wrong upstreams, and routes to upstreams that are not there. */
export const UPSTREAM: readonly WrongConfig[] = [
  {
    name: "a typo in an upstream's name",
    config: route('path: "/a", upstream: "user"'),
    errors: [[wrong('"user"', `${HTTP} | "users" | "files" | undefined`, '"users"'), "upstream:"]],
  },
  {
    name: "a typo in the scheme of an upstream's URL",
    config: route('path: "/a", upstream: "htp://localhost:3000"'),
    errors: [[wrong('"htp://localhost:3000"', `${HTTP} | "users" | "files" | undefined`), "upstream:"]],
  },
  {
    name: "a name where there are no upstreams",
    config: 'export default defineGateway({ routes: [{ path: "/a", upstream: "users" }] });',
    errors: [[wrong('"users"', `${HTTP} | undefined`), "upstream:"]],
  },
  {
    name: "an upstream without scheme",
    config: upstream('"localhost:3000"'),
    errors: [[wrong('"localhost:3000"', '"http://localhost:3000"'), "app:"]],
  },
  {
    name: "an upstream's URL with a typo in its scheme",
    config: upstream('"htps://api.example.com"'),
    errors: [[
      wrong(
        '"htps://api.example.com"',
        '"http://api.example.com" | "https://api.example.com"',
        '"https://api.example.com"',
      ),
      "app:",
    ]],
  },
  {
    name: "an endpoint without scheme, in a list",
    config: upstream('["http://a", "localhost:3000"]'),
    errors: [[wrong('"localhost:3000"', '"http://localhost:3000"'), '"localhost:3000"]']],
  },
  {
    name: "an endpoint without scheme, in settings",
    config: upstream('{ endpoints: [{ url: "localhost:3000" }] }'),
    errors: [[wrong('"localhost:3000"', '"http://localhost:3000"'), "url:"]],
  },
  {
    name: "no endpoints",
    config: upstream("{ endpoints: [] }"),
    errors: [[wrong("never[]", '"an upstream has at least one endpoint"'), "endpoints:"]],
  },
  {
    name: "settings without endpoints",
    config: upstream('{ balance: "round-robin" }'),
    errors: [[
      `Property 'endpoints' is missing in type '{ balance: "round-robin"; }' but required in type 'UpstreamConfig<unknown>'.`,
      "app:",
    ]],
  },
  {
    name: "a typo in a balancer's name",
    config: upstream('{ endpoints: ["http://a"], balance: "round-robbin" }'),
    errors: [[wrong('"round-robbin"', `Balance | CustomBalancer | undefined`, '"round-robin"'), "balance:"]],
  },
  {
    name: "a hash by what a policy finds out",
    config: upstream('{ endpoints: ["http://a"], balance: "hash", hashBy: "jwt:sub" }'),
    errors: [[wrong('"jwt:sub"', "HashKey | KeyFunction | readonly HashKey[] | undefined"), "hashBy:"]],
  },
  {
    name: "a hash by what all requests have in common",
    config: upstream('{ endpoints: ["http://a"], balance: "hash", hashBy: ["ip", "global"] }'),
    errors: [[wrong('"global"', "HashKey"), '"global"']],
  },
  {
    name: "a balancer that is not made by defineBalancer()",
    config: upstream('{ endpoints: ["http://a"], balance: { name: "mine" } }'),
    errors: [[wrong("{ name: string; }", "Balance | CustomBalancer | undefined"), "balance:"]],
  },
  {
    name: "a typo in the key of what DNS finds",
    config: upstream('{ endpoints: { dsn: "http://a" } }'),
    errors: [[unknownKey("dsn", "DnsEndpoints<string>"), "dsn:"]],
  },
  {
    name: "a name for DNS without scheme",
    config: upstream('{ endpoints: { dns: "api.internal:80" } }'),
    errors: [[wrong('"api.internal:80"', '"http://api.internal:80"'), "dns:"]],
  },
  {
    name: "an unknown record",
    config: upstream('{ endpoints: { dns: "http://a", record: "SRV" } }'),
    errors: [[wrong('"SRV"', '"address" | "srv" | undefined', '"srv"'), "record:"]],
  },
  {
    name: "an unknown key of a health check",
    config: upstream('{ endpoints: ["http://a"], health: { pth: "/up" } }'),
    errors: [[unknownKey("pth", "Health", "path"), "pth:"]],
  },
  {
    name: "a class of statuses that is none",
    config: upstream('{ endpoints: ["http://a"], health: { statuses: ["2xx", "6xx"] } }'),
    errors: [[
      wrong('"6xx"', 'number | "2xx" | "3xx" | "4xx" | "5xx" | readonly [from: number, to: number]'),
      '"6xx"',
    ]],
  },
  {
    name: "an unknown key of outliers",
    config: upstream('{ endpoints: ["http://a"], outliers: { ejektFor: "5s" } }'),
    errors: [[unknownKey("ejektFor", "Outliers", "ejectFor"), "ejektFor:"]],
  },
  {
    name: "an unknown key of a circuit breaker",
    config: upstream('{ endpoints: ["http://a"], circuitBreaker: { failureTreshold: 5 } }'),
    errors: [[
      unknownKey("failureTreshold", "CircuitBreaker | readonly CircuitBreaker[]"),
      "failureTreshold:",
    ]],
  },
  {
    name: "what counts as a failure, misspelt",
    config: upstream('{ endpoints: ["http://a"], circuitBreaker: [{ failures: ["time-out"] }] }'),
    errors: [[wrong('"time-out"', "OutcomeMatch", '"timeout"'), '"time-out"']],
  },
  {
    name: "an unknown key of a limit",
    config: upstream('{ endpoints: ["http://a"], maxInFlight: { totl: 5 } }'),
    errors: [[unknownKey("totl", "InFlight", "total"), "totl:"]],
  },
  {
    name: "a cookie's secret that is written out",
    config: upstream('{ endpoints: ["http://a"], sticky: { cookie: "lb", secret: "hunter2hunter2hunter2" } }'),
    errors: [[wrong("string", "Secret"), "secret:"]],
  },
  {
    name: "a limit of a try that is switched off, of an upstream",
    config: upstream('{ endpoints: ["http://a"], timeouts: { attempt: false } }'),
    errors: [[wrong("false", `${DURATION} | undefined`), "attempt:"]],
  },
  {
    name: "a retry by a word that is not unsafe enough",
    config: upstream('{ endpoints: ["http://a"], retry: { unsafe: true } }'),
    errors: [[wrong("true", '"may-duplicate"'), "unsafe:"]],
  },
  {
    name: "a Unix socket by a relative path",
    config: upstream('"unix:run/app.sock"'),
    errors: [[wrong('"unix:run/app.sock"', '"unix:/run/app.sock"'), "app:"]],
  },
  {
    name: "a Unix socket as a URL with slashes",
    config: upstream('["unix:///run/app.sock"]'),
    errors: [[wrong('"unix:///run/app.sock"', '"unix:/run/app.sock"'), '"unix:///run']],
  },
  {
    name: "an unknown protocol",
    config: upstream('{ endpoints: ["http://a"], protocol: "h3" }'),
    errors: [[wrong('"h3"', '"h1" | "h2" | undefined'), "protocol:"]],
  },
  {
    name: "an unknown key of an upstream",
    config: upstream('{ endpoints: ["http://a"], balanse: "round-robin" }'),
    errors: [[unknownKey("balanse", 'UpstreamConfig<readonly ["http://a"]>', "balance"), "balanse:"]],
  },
  {
    name: "an unknown key of an upstream's timeouts",
    config: upstream('{ endpoints: ["http://a"], timeouts: { hed: "1s" } }'),
    errors: [[unknownKey("hed", "Timeouts", "head"), "hed:"]],
  },
  {
    name: "an unknown key of an upstream's pool",
    config: upstream('{ endpoints: ["http://a"], pool: { maxx: 3 } }'),
    errors: [[unknownKey("maxx", "PoolConfig", "max"), "maxx:"]],
  },
  {
    name: "an unknown key of an upstream's TLS",
    config: upstream('{ endpoints: ["https://a"], tls: { servername: "b" } }'),
    errors: [[unknownKey("servername", "UpstreamTls", "serverName"), "servername:"]],
  },
  {
    name: "an unknown key of an endpoint",
    config: upstream('[{ url: "http://a", wieght: 2 }]'),
    errors: [[unknownKey("wieght", 'EndpointConfig<"http://a">', "weight"), "wieght:"]],
  },
  {
    name: "a typo in the kind of a demo endpoint",
    config: upstream('[demo("slwo", { port: 9003 })]'),
    errors: [[
      `Argument of type '"slwo"' is not assignable to parameter of type '"fast" | "slow" | "faulty" | "echo"'.`,
      '"slwo"',
    ]],
  },
  {
    name: "a typo in the kind of a demo endpoint, as YAML has it",
    config: upstream('[{ demo: "slwo", port: 9003 }]'),
    errors: [[wrong('"slwo"', '"fast" | "slow" | "faulty" | "echo"'), "demo:"]],
  },
  {
    name: "a demo option of another kind",
    config: upstream('[demo("fast", { port: 9003, delay: "1s" })]'),
    errors: [[unknownKey("delay", "DemoOptions"), "delay:"]],
  },
  {
    name: "an unknown key of a demo endpoint",
    config: upstream('[demo("slow", { prt: 9003 })]'),
    errors: [[unknownKey("prt", "SlowDemoOptions", "port"), "prt:"]],
  },
];

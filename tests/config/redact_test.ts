import { strict as assert } from "node:assert";
import fc from "fast-check";
import { redact } from "../../src/config/redact.ts";
import { headers } from "../../src/policies/shape/headers.ts";
import { secret } from "../../src/core/secret.ts";
import { redis } from "../../src/state/redis.ts";

Deno.test("redact() shows secrets as references, functions by name, policies as data", () => {
  const config = {
    admin: { token: secret.env("TOKEN") },
    tls: { key: secret.file("key.pem"), insecureSkipVerify: false },
    policies: [headers({ request: { set: { authorization: secret.env("KEY"), "x-ip": "{ip}" } } })],
    routes: [{ path: "/a", handler: function answer() {} }, { handler: (() => () => {})() }],
  };
  assert.deepEqual(redact(config), {
    admin: { token: { env: "TOKEN" } },
    tls: { key: { file: "key.pem" }, insecureSkipVerify: false },
    policies: [{ kind: "headers", options: { request: { set: { authorization: { env: "KEY" }, "x-ip": "{ip}" } } } }],
    routes: [{ path: "/a", handler: "[function answer]" }, { handler: "[function anonymous]" }],
  });
});

Deno.test("redact() leaves out texts that may be credentials, and those in URLs", () => {
  const config = {
    headers: { authorization: "Basic abc", "x-api-key": "abc" },
    url: "http://bob:abc@host:1/?a",
    list: ["https://abc@h"],
  };
  assert.deepEqual(redact(config), {
    headers: { authorization: "[redacted]", "x-api-key": "[redacted]" },
    url: "http://…@host:1/?a",
    list: ["https://…@h"],
  });
});

Deno.test("redact() shows no value of a collector's fields: their names are its own", () => {
  const otlp = { url: "http://a/v1/traces", protocol: "http/json", compression: "gzip", timeout: 10_000 };
  assert.deepEqual(redact({ to: { otlp: { ...otlp, headers: { "x-team": "abc", "x-b": secret.env("KEY") } } } }), {
    to: { otlp: { ...otlp, headers: { "x-team": "[redacted]", "x-b": { env: "KEY" } } } },
  });
});

Deno.test("redact() shows stores as policies: as data, without what may be a credential", () => {
  const options = { url: "redis://gw:hunter2@host:6379", password: "hunter2", more: [secret.env("REDIS_PASSWORD")] };
  const store = redis(options as never);
  const shown = {
    kind: "redis",
    options: { url: "redis://…@host:6379", password: "[redacted]", more: [{ env: "REDIS_PASSWORD" }] },
  };
  assert.deepEqual(redact({ stores: { a: store } }), { stores: { a: shown } }, "as a config has it");
  assert.deepEqual(redact({ stores: [{ name: "a", store }] }), { stores: [{ name: "a", store: shown }] }, "as a plan");
});

Deno.test("redact() names objects of a class, and does not open them", () => {
  class Vault {
    readonly password = "abc";
  }
  assert.deepEqual(redact({ vault: new Vault(), map: new Map([["a", 1]]), re: /a/ }), {
    vault: "[Vault]",
    map: "[Map]",
    re: "[RegExp]",
  });
});

Deno.test("redact() ends where a config turns in circles", () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  assert.deepEqual(redact({ loop, twice: [loop, loop] }), {
    loop: { self: "[circular]" },
    twice: [{ self: "[circular]" }, { self: "[circular]" }],
  });
});

Deno.test("redact() gives JSON for anything, the same for plain data", () => {
  fc.assert(fc.property(fc.anything(), (value) => void JSON.stringify(redact(value))));
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const keysAndUrls = /token|secret|passw|credential|authorization|key|cookie|:\/\//i;
    fc.pre(!keysAndUrls.test(JSON.stringify(value)) && !JSON.stringify(value).includes("__proto__"));
    assert.deepEqual(redact(value), value);
  }));
});

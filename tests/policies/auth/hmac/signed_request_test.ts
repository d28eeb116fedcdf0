import { strict as assert } from "node:assert";
import { type InnerList, parseDictionary } from "structured-headers";
import { HeaderList } from "../../../../src/core/header_list.ts";
import { signatureBase } from "../../../../src/policies/auth/hmac/signature_base.ts";
import { SignedRequest } from "../../../../src/policies/auth/hmac/signed_request.ts";
import { makeExchange } from "../../../support/exchange.ts";

/** A request with this field, and how often the field was read. */
function counted(value: string, query = "") {
  const reads = { count: 0 };
  const get = (name: string) => (name === "x" ? (reads.count++, value) : null);
  const flat = () => (reads.count++, ["x", value]),
    headers = new HeaderList({ get, flat, hasAny: () => true, text: () => "" });
  const exchange = Object.assign(Object.create(makeExchange({ query })), { headers });
  return { reads, request: new SignedRequest(exchange, "http") };
}

const covering = (...components: string[]) => parseDictionary(`s=(${components.join(" ")})`).get("s") as InnerList;

Deno.test("SignedRequest parses a field once, however many of its members are signed", () => {
  const names = Array.from({ length: 40 }, (_, i) => `k${i}`);
  for (const [value, isThere] of [[names.map((name) => `${name}=1`).join(", "), true], ["(((", false]] as const) {
    const { reads, request } = counted(value);
    for (const name of names) assert.equal(request.dictionary("x")?.has(name) ?? false, isThere);
    assert.equal(reads.count, 1);
  }
});

Deno.test("signatureBase() does not read on once a component stands twice", () => {
  for (const component of ['"x"', '"x";bs', '"x";key="a"']) {
    const { reads, request } = counted("a=1");
    assert.equal(signatureBase(covering(component, component, component), request), null);
    assert.equal(reads.count, 1, component);
  }
});

Deno.test("SignedRequest knows parameters of the query that stand there once", () => {
  const { request } = counted("", "?a=1&b=%20x+y&c=1&c=1&__proto__=z&d");
  const values = ["a", "b", "c", "d", "e", "__proto__", "constructor"].map((name) => request.parameter(name));
  assert.deepEqual(values, ["1", " x y", null, "", null, "z", null]);
});

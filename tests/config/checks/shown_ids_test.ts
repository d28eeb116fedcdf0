import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";

const issuesOf = (route: object) => validateConfig({ routes: [{ path: "/", respond: {}, ...route }] }).issues;
const MESSAGE =
  "a value that may be a secret becomes part of the route's id, which logs, metrics and the admin interface show";

const SHOWN: readonly (readonly [what: string, route: object, at: string])[] = [
  ["a text", { headers: { "X-Api-Key": "s3cr3t" } }, "headers.X-Api-Key"],
  ["one of several", { headers: { authorization: { oneOf: ["s3cr3t"] } } }, "headers.authorization"],
  ["a regular expression", { headers: { cookie: { regex: "s3cr3t" } } }, "headers.cookie"],
  ["a query parameter", { query: { access_token: "s3cr3t" } }, "query.access_token"],
  ["a tenant", { tenant: { key: "header:x-api-key", is: "s3cr3t" } }, "tenant"],
];
for (const [what, route, at] of SHOWN) {
  Deno.test(`checkShownIds() warns of ${what} under a sensitive name, unless the route has a name of its own`, () => {
    const issues = issuesOf(route);
    assert.deepEqual(issues.map(({ severity, path, message, remedy }) => ({ severity, path, message, remedy })), [{
      severity: "warning",
      path: `routes[0].${at}`,
      message: MESSAGE,
      remedy: "a name for this route",
    }]);
    assert.ok(!JSON.stringify(issues).includes("s3cr3t"));
    assert.deepEqual(issuesOf({ ...route, name: "keyed" }), []);
  });
}

Deno.test("checkShownIds() has nothing against values that are no secrets, or are not named", () => {
  assert.deepEqual(issuesOf({ headers: { "x-api-key": { present: true }, "x-version": "2" }, query: { a: "b" } }), []);
  assert.deepEqual(issuesOf({ tenant: { key: "header:x-user-id", is: "acme" } }), []);
});

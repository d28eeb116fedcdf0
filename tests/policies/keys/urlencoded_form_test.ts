import { strict as assert } from "node:assert";
import fc from "fast-check";
import { bytesOf, fieldsOf, URLENCODED } from "./form_bed.ts";

Deno.test("form: reads what HTML pages send", async () => {
  const cases: [body: string, fields: Record<string, string>][] = [
    ["", {}],
    ["user=ann", { user: "ann" }],
    ["a=1&user=ann&b=2", { a: "1", user: "ann", b: "2" }],
    ["user=%61nn+b&%75ser2=%C3%A9+%2B", { user: "ann b", user2: "é +" }],
    ["&&user=ann&", { user: "ann" }],
    ["user", { user: "" }],
    ["user=a=b?c", { user: "a=b?c" }],
    ["user=é", { user: "é" }],
    ["__proto__=1", { ["__proto__"]: "1" }],
  ];
  for (const [body, fields] of cases) assert.deepEqual(await fieldsOf(URLENCODED, body), fields, body);
});

Deno.test("form: agrees with the platform on every form that it makes", async () => {
  const pairs = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), fc.string({ unit: "binary" })), {
    maxLength: 6,
    selector: ([name]) => name,
  });
  await fc.assert(
    fc.asyncProperty(pairs, async (pairs) => {
      const sent = pairs.filter(([, value]) => !value.startsWith("\ufeff"));
      assert.deepEqual(await fieldsOf(URLENCODED, new URLSearchParams(sent).toString()), Object.fromEntries(sent));
    }),
    { numRuns: 50 },
  );
});

Deno.test("form: takes U+FFFD for what is not UTF-8", async () => {
  const body = bytesOf("a=%FF&b=", [0xff], "&c=%C3", [0xa9], "&d=%ED%A0%80");
  assert.deepEqual(await fieldsOf(URLENCODED, body), { a: "\ufffd", b: "\ufffd", c: "é", d: "\ufffd\ufffd\ufffd" });
});

Deno.test("form: does not know a field that stands twice, however it is written", async () => {
  const twins = [
    "user=rnd&user=victim",
    "user=rnd&user=rnd",
    "user=rnd&user",
    "user=rnd&us%65r=victim",
    "user=rnd&User=victim",
    "USER=victim&user=rnd",
    "user=rnd&+user=victim",
    "user=rnd&user%00x=victim",
    "user=rnd&user[]=victim",
    "user=rnd&user%5B0%5D=victim",
    "user=a&user=b&user=c",
    "x=1;user=victim&user=rnd",
  ];
  for (const twin of twins) {
    const { user } = await fieldsOf(URLENCODED, `${twin}&other=1`);
    assert.equal(user, undefined, twin);
    assert.equal((await fieldsOf(URLENCODED, `${twin}&other=1`)).other, "1", twin);
  }
  assert.deepEqual(await fieldsOf(URLENCODED, "user_id=rnd&user.id=victim"), {}, "PHP");
  const both = { "user[email]": "a", "user[password]": "b" };
  assert.deepEqual(await fieldsOf(URLENCODED, "user[email]=a&user[password]=b"), both);
});

Deno.test("form: does not know a field that the query has too", async () => {
  assert.deepEqual(await fieldsOf(URLENCODED, "user=rnd&a=1", "?user=victim&b=2"), { a: "1" });
  assert.deepEqual(await fieldsOf(URLENCODED, "user=ann", "?page=2;x&q=100%"), { user: "ann" });
});

Deno.test("form: does not know a value that can be read in two ways, and does know the others", async () => {
  const values = ["victim;1", "victim;user=1", "%u0076ictim", "100%", "%a", "%EF%BB%BFvictim"];
  for (const value of values) {
    assert.deepEqual(await fieldsOf(URLENCODED, `user=${value}&a=1`), { a: "1" }, value);
  }
});

Deno.test("form: knows no field of a form that can be read in two ways", async () => {
  const forms = [
    "?user=decoy&user=victim",
    "?user=victim",
    "\ufeffuser=decoy&user=victim",
    "%EF%BB%BFuser=decoy&a=1",
    "us%u0065r=victim&user=rnd",
    "%=1&user=rnd",
    "_charset_=utf-16&user=rnd",
    "_charset_=utf-8&_charset_=utf-16&user=rnd",
    `user=rnd${"&a=1".repeat(1000)}`,
    "&a=1".repeat(1000) + "&user=rnd",
  ];
  for (const form of forms) assert.deepEqual(await fieldsOf(URLENCODED, form), {}, form.slice(0, 50));
  assert.deepEqual(await fieldsOf(URLENCODED, "_charset_=UTF-8&user=ann"), { _charset_: "UTF-8", user: "ann" });
  assert.equal((await fieldsOf(URLENCODED, `user=ann${"&a=1".repeat(999)}`)).user, "ann");
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { HeaderList } from "../../../../src/core/header_list.ts";
import { NormalForms } from "../../../../src/policies/cache/selection/normal_forms.ts";
import { selectingText, varyNames } from "../../../../src/policies/cache/selection/vary.ts";

const forms = new NormalForms();

const VARY: readonly (readonly [lines: readonly string[], names: readonly string[] | null])[] = [
  [[], []],
  [[""], []],
  [[", ,"], []],
  [["Foo"], ["foo"]],
  [["Foo, Bar", "foo,Accept"], ["accept", "bar", "foo"]],
  [["\tFoo ,, Bar "], ["bar", "foo"]],
  [["*"], null],
  [["*, *"], null],
  [["", "*"], null],
  [[", *"], null],
  [["*, Foo"], null],
  [["Foo, *"], null],
  [["Foo", "*"], null],
  [["Foo Bar"], null],
  [["Foo;q=1"], null],
  [['"Foo"'], null],
  [["Foo\u00e9"], null],
];

Deno.test("varyNames() gives the fields once and in order, and nothing where nobody can tell what they are", async (t) => {
  for (const [lines, names] of VARY) {
    await t.step(JSON.stringify(lines), () => {
      const fields = lines.flatMap((line) => ["vary", line]);
      assert.deepEqual(varyNames(["date", "Foo", ...fields, "x-vary", "*"]), names);
    });
  }
});

/** Requests that are the same by a field, and others. */
const FIELDS:
  readonly (readonly [name: string, one: string, same: readonly string[], others: readonly (string | null)[]])[] = [
    ["foo", "1", ["1"], [null, "", "2", "1,", "1,1"]],
    ["foo", "", [""], [null, ",", " "]],
    ["foo", "1,2", ["1, 2", "1 ,\t2"], ["2,1", "1,2,", "1", "12"]],
    ["foo", "aB", ["aB"], ["ab"]],
    ["foo", '"a, b",c', ['"a, b" , c'], ['"a,b",c', '"a,  b",c']],
    ["foo", '"a\\", b",c', ['"a\\", b" ,c'], ['"a\\",b",c']],
    ["foo", '"a, b', ['"a, b'], ['"a,b']],
    ["cookie", "a=1, 2", ["a=1, 2"], ["a=1,2"]],
    ["authorization", "Digest a, b", ["Digest a, b"], ["Digest a,b"]],
    ["user-agent", "x (y, z)", ["x (y, z)"], ["x (y,z)"]],
    // Fields that say who is asking may have any grammar.
    ["x-user", "Doe, Jane", ["Doe, Jane"], ["Doe,Jane", "Doe ,Jane"]],
    ["x-api-key", "a, b", ["a, b"], ["a,b"]],
    ["x-ssl-client-s-dn", "CN=a, O=b", ["CN=a, O=b"], ["CN=a,O=b"]],
    ["x-forwarded-email", '"a, b"@c, d', ['"a, b"@c, d'], ['"a, b"@c,d']],
    ["accept-language", "en, de", ["de, en", "eN,De", "en ,   de", "de;q=1.0, en;q=1", "en, de, en"], [
      ...[null, "", "en", "en;q=0.9, de", "en, de;q=0", "en, de-at", "*, en, de"],
    ]],
    ["accept-language", "de, en;q=0.50", ["en;Q=0.5,de", "en ; q=0.500 , DE;q=1.000"], [
      "de, en;q=0.51",
      "de;q=0.5, en",
    ]],
    ["accept-encoding", "gzip, br;q=0.5", ["br;q=0.5,GZIP"], ["gzip,br", "br, gzip;q=0.5", "gzip"]],
    // What breaks the grammar is nobody's normal form.
    ["accept-encoding", "gzip", [" gzip".trim(), ",gzip,,"], [
      "gzip;1",
      "gzip;q=2",
      "gzip;q=1;x",
      "gzip q=1",
      "gzip;q",
      "gzip;",
    ]],
    ["accept-encoding", "gzip;q=0, gzip", ["gzip;q=0,gzip"], ["gzip", "gzip, gzip;q=0", "gzip;q=0"]],
    ["accept-encoding", "", [","], [null, "identity", "*", "identity;q=0"]],
    ["accept-encoding", "gzip, identity;q=0", ["identity;q=0.000 , gzip"], ["gzip", "gzip, *;q=0", "gzip, identity"]],
    ["accept-encoding", "*;q=0, gzip", ["gzip,*;q=0.0"], ["gzip", "*, gzip", "gzip, *;q=0.001", "gzip, identity;q=0"]],
    ["accept-encoding", "br;q=0.001", ["BR;q=0.001"], ["br;q=0", "br", "br;q=0.0010", "br;q=0.01"]],
  ];

Deno.test("selectingText() is the same where fields mean the same, and only there", async (t) => {
  for (const [name, one, same, others] of FIELDS) {
    await t.step(`${name}: ${one}`, () => {
      const text = selectingText([name], HeaderList.of(name, one), forms);
      for (const value of same) assert.equal(selectingText([name], HeaderList.of(name, value), forms), text, value);
      for (const value of others) {
        const headers = value === null ? HeaderList.of() : HeaderList.of(name, value);
        assert.notEqual(selectingText([name], headers, forms), text, String(value));
      }
    });
  }
});

Deno.test("selectingText() takes lines of one name as one, and other fields for nothing", () => {
  const one = HeaderList.of("foo", "1", "other", "x", "foo", "2"), two = HeaderList.of("foo", "1,2");
  assert.equal(selectingText(["foo"], one, forms), selectingText(["foo"], two, forms));
});

Deno.test("no two requests with other fields have one text, whatever is in them", () => {
  const value = fc.option(
    fc.string({ unit: fc.constantFrom("\n", "=", "a", ":", "\\") }).map((text) => text.replaceAll("\n", "")),
  );
  fc.assert(fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 4 }), (pairs) => {
    const names = pairs.map((_, i) => `f${i}`);
    const [one, other] = [0, 1].map((side) =>
      selectingText(
        names,
        HeaderList.of(...pairs.flatMap((pair, i) => pair[side] === null ? [] : [`f${i}`, pair[side]!])),
        forms,
      )
    );
    assert.equal(one === other, pairs.every(([a, b]) => a === b));
  }));
});

Deno.test("a list of weights has one text in every order and spelling", () => {
  const name = fc.constantFrom("en", "de", "fr-ch", "*"), weight = fc.integer({ min: 0, max: 1000 });
  const members = fc.uniqueArray(fc.tuple(name, weight), { selector: ([name]) => name, minLength: 1 });
  const blank = fc.constantFrom("", " ", "\t ");
  fc.assert(
    fc.property(
      members.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), blank)
      ),
      ([list, shuffled, blank]) => {
        const plain = list.map(([name, weight]) => `${name};q=${(weight / 1000).toFixed(3)}`).join(",");
        const other = shuffled.map(([name, weight]) =>
          `${blank}${name.toUpperCase()}${blank};${blank}Q=${weight / 1000}${blank}`
        ).join(",");
        assert.equal(forms.of("accept-language", other.trim()), forms.of("accept-language", plain));
      },
    ),
  );
});

/** Weights by name; `null`: a list that breaks the grammar, or says two things of one name. */
function meaning(value: string): string | null {
  const weights = new Map<string, number>();
  for (const member of value.split(",").map((member) => member.replaceAll(/^[ \t]+|[ \t]+$/g, ""))) {
    if (member === "") continue;
    const match = /^([-*.0-9a-z]+)(?:[ \t]*;[ \t]*q=(0\.?|0\.[0-9]{1,3}|1\.?0{0,3}))?$/i.exec(member);
    if (match === null) return null;
    const name = match[1].toLowerCase(), weight = Number(match[2] ?? "1");
    if ((weights.get(name) ?? weight) !== weight) return null;
    weights.set(name, weight);
  }
  return JSON.stringify([...weights].sort());
}

Deno.test("two lists of weights have one text only where both mean the same, and never a broken one and a good one", () => {
  const member = fc.constantFrom(
    ...[
      "gzip",
      "GZIP",
      "gzip;q=1",
      "gzip ; Q=1.0",
      "gzip;q=0",
      "gzip;q=0.00",
      "gzip;q=0.5",
      "gzip;q=0.50",
      "*",
      "*;q=0",
    ],
    ...["identity;q=0", "br", "", "gzip;q", "gzip;q=2", "gzip;q=0.5;x", "gzip q=0"],
  );
  const text = fc.tuple(fc.array(member, { minLength: 1, maxLength: 3 }), fc.constantFrom(",", " ,\t"))
    .map(([members, comma]) => members.join(comma).trim());
  let same = 0;
  fc.assert(
    fc.property(text, text, (one, other) => {
      if (forms.of("accept-encoding", one) !== forms.of("accept-encoding", other)) return;
      same++;
      const blank = /[ \t]*,[ \t]*/g;
      assert.equal(meaning(one), meaning(other));
      if (meaning(one) === null) assert.equal(one.replaceAll(blank, ","), other.replaceAll(blank, ","));
    }),
    { numRuns: 4_000 },
  );
  assert.ok(same > 50, String(same));
});

Deno.test("many different values of strangers are not all remembered, nor mixed up", () => {
  const few = new NormalForms();
  for (let i = 0; i < 1000; i++) assert.equal(few.of("accept-encoding", `X${i}, gzip`), `gzip,x${i}`);
  for (let i = 0; i < 1000; i++) assert.equal(few.of(`x-${i % 100}`, `b${i}, a`), `b${i},a`);
  assert.equal(few.of("accept", "b, a"), "b,a");
  assert.equal(few.of("accept-language", "b, a"), "a,b");
  const long = `${"a,".repeat(200)}GZIP`;
  assert.equal(few.of("accept-encoding", long), "a,gzip");
});

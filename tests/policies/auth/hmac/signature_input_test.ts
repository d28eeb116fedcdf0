import { strict as assert } from "node:assert";
import fc from "fast-check";
import { findSignature, type SignatureInput, type Wanted } from "../../../../src/policies/auth/hmac/signature_input.ts";

const ANY: Wanted = { knows: (keyid) => keyid === "k" };
const SIGNATURE = "sig1=:AAAA:";

const malformed = "its fields are malformed";

/** What stands in the two fields, and what is said of it. */
const REFUSED: readonly [input: string, signature: string | null, why: string | null][] = [
  ["", SIGNATURE, null],
  ["   ", SIGNATURE, null],
  ["sig1", SIGNATURE, "its input is no list of components"],
  ["sig1=1", SIGNATURE, "its input is no list of components"],
  ['sig1="()";keyid="k"', SIGNATURE, "its input is no list of components"],
  ["sig1=()", SIGNATURE, "its key is not known"],
  ["sig1=();keyid=k", SIGNATURE, "its key is not known"],
  ['sig1=();keyid="other"', SIGNATURE, "its key is not known"],
  ["sig1=();keyid=:AAAA:", SIGNATURE, "its key is not known"],
  ['sig1=();keyid="k"', null, "there is no signature of that label"],
  ['sig1=();keyid="k"', "sig2=:AAAA:", "there is no signature of that label"],
  ['sig1=();keyid="k"', "sig1=AAAA", "there is no signature of that label"],
  ['sig1=();keyid="k"', 'sig1="AAAA"', "there is no signature of that label"],
  ['sig1=();keyid="k"', "sig1=(:AAAA:)", "there is no signature of that label"],
  ['sig1=();keyid="k"', "sig1", "there is no signature of that label"],
  ['sig1=();keyid="k"', "sig1=:AA", malformed],
  ['sig1=();keyid="k"', "sig1=:AA*A:", malformed],
  ['sig1=();keyid="k"', "sig1=:AAAA:, sig1=:BBBB:", malformed],
  ['sig1=();keyid="k", sig1=();keyid="k"', SIGNATURE, malformed],
  ['sig1=();keyid="k", sig2=("," "a\\",");keyid="k", sig1=()', SIGNATURE, malformed],
  ['sig1=();keyid="k",', SIGNATURE, malformed],
  ['sig1=();keyid="k" x', SIGNATURE, malformed],
  ['sig1=(;keyid="k"', SIGNATURE, malformed],
  ['sig1=("a""b");keyid="k"', SIGNATURE, malformed],
  ['sig1=("a" "b;keyid="k"', SIGNATURE, malformed],
  ['Sig1=();keyid="k"', SIGNATURE, malformed],
  ['sig1=();keyid="k\u00e9"', SIGNATURE, malformed],
  ['sig1=();created=9999999999999999;keyid="k"', SIGNATURE, malformed],
  [`sig1=();keyid="k";nonce="${"a".repeat(9_000)}"`, SIGNATURE, malformed],
  [`sig1=(${'"a" '.repeat(40)}"a");keyid="k"`, SIGNATURE, "it covers too many components"],
  [`sig1=${"(".repeat(1_000)}`, SIGNATURE, malformed],
];

Deno.test("findSignature(): what it does not take, and why", () => {
  for (const [input, signature, why] of REFUSED) assert.equal(findSignature(input, signature, ANY), why, input);
});

Deno.test("findSignature(): of several it takes the first whose key is known, or the one of the label and tag", () => {
  const input = 'a=();keyid="x", b=();keyid="k";tag="t", c=("a,b");keyid="k", d=();keyid="k";tag="u"';
  const signatures = "a=:AAAA:, b=:AAAB:, c=:AAAC:, d=:AAAD:";
  const find = (wanted: Partial<Wanted>) => {
    const found = findSignature(input, signatures, { ...ANY, ...wanted });
    return found === null || typeof found === "string" ? found : found.label;
  };
  assert.equal(find({}), "b");
  assert.equal(find({ tag: "u" }), "d");
  assert.equal(find({ label: "c" }), "c");
  assert.equal(find({ label: "c", tag: "t" }), null);
  assert.equal(find({ label: "e" }), null);
  assert.equal(find({ label: "a" }), "its key is not known");
  const found = findSignature(input, signatures, { ...ANY, label: "d" }) as SignatureInput;
  assert.deepEqual([...found.signature], [0, 0, 3]);
});

Deno.test("findSignature() takes whatever text and throws at none", () => {
  const piece = fc.constantFrom(
    "sig1",
    "=",
    "(",
    ")",
    '"',
    "k",
    ";keyid=",
    '"k"',
    ",",
    " ",
    ":AAAA:",
    "\\",
    "?1",
    "@1",
    '%"',
  );
  const text = fc.oneof(fc.string(), fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join("")));
  fc.assert(
    fc.property(text, fc.option(text), (input, signature) => {
      const found = findSignature(input, signature, ANY);
      assert.ok(found === null || typeof found === "string" || found.signature instanceof Uint8Array);
    }),
    { numRuns: 2_000 },
  );
});

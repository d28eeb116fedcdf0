import { strict as assert } from "node:assert";
import { GOOD, hmacToken, Signer } from "../../../support/token_signer.ts";
import { JwtBed } from "../jwt_bed.ts";

const COUNT = 100_000;
const SECRET = "a secret of at least thirty-two bytes";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** What mutations put in: of the alphabet mostly, so that most of them get far. */
const LETTERS = ALPHABET + ALPHABET + "..=+/ ,\té";

/** Chance that is the same in each run (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Chance = ReturnType<typeof chance>;

const letters = (next: Chance, count: number, from = ALPHABET) =>
  Array.from({ length: count }, () => from[next(from.length)]).join("");

/** One change to one text, or to the order of its parts. */
function mutated(token: string, next: Chance): string {
  const at = next(token.length), letter = LETTERS[next(LETTERS.length)], parts = token.split(".");
  switch (next(8)) {
    case 0:
      return token.slice(0, at) + token.slice(at + 1 + next(4));
    case 1:
      return token.slice(0, at) + letter + token.slice(at);
    case 2:
      return token.slice(0, at);
    case 3:
      return token.slice(0, at) + token.slice(at).toUpperCase();
    case 4:
      return [0, 1, 2].map(() => parts[next(parts.length)]).join(".");
    case 5:
      return `${parts[0]}.${letters(next, 4 + next(60))}.${parts.at(-1)}`;
    case 6:
      return `${parts[0]}.${parts[1]}.${letters(next, parts.at(-1)!.length)}`;
    default:
      return token.slice(0, at) + letter + token.slice(at + 1);
  }
}

/** A header and claims that are right, or nearly, and a signature of nobody. */
function madeUp(next: Chance): string {
  const part = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
  const algs = ["HS256", "HS512", "EdDSA", "ES256", "RS256", "none", "hs256"], alg = algs[next(algs.length)];
  const signature = letters(next, [0, 42, 86, 342][next(4)] + next(2));
  return `${part({ alg })}.${part({ ...GOOD, sub: letters(next, 4) })}.${signature}`;
}

function noise(next: Chance): string {
  return [0, 1, 2, 3].map(() => letters(next, next(60), LETTERS)).join(next(2) === 0 ? "." : "");
}

const ED = await Signer.make("EdDSA");

const SETUPS: readonly (readonly [name: string, options: object, token: string])[] = [
  ["a secret", { secret: { env: "KEY" } }, await hmacToken(SECRET)],
  ["a public key", { publicKey: ED.jwk }, await ED.token()],
];

for (const [name, options, good] of SETUPS) {
  Deno.test(`jwt() with ${name} accepts none of ${COUNT / 2} tokens that chance has made`, async () => {
    const bed = new JwtBed({ ...options, failures: false }, { secrets: { KEY: SECRET } }), next = chance(good.length);
    const makers = [
      () => mutated(good, next),
      () => mutated(mutated(good, next), next),
      () => madeUp(next),
      () => noise(next),
    ];
    assert.equal((await bed.ask(good)).status, 200);
    for (let made = 0; made < COUNT / 2;) {
      // Some at once: a check is done elsewhere.
      const batch = Array.from({ length: 500 }, () => makers[made++ % makers.length]()).filter((token) =>
        token !== good
      );
      const asked = await Promise.all(batch.map((token) => bed.ask(token)));
      for (const [i, { status }] of asked.entries()) assert.equal(status, 401, batch[i]);
    }
    assert.equal(bed.passed.length, 1);
  });
}

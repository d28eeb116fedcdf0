import { strict as assert } from "node:assert";
import { sources } from "../../gate/tree.ts";
import { denoCheck } from "./deno_check.ts";
import { PRELUDE } from "./wrong/wrong_config.ts";
import { WRONG_CONFIGS } from "./wrong_configs.ts";

Deno.test("the compiler says what is wrong with a config, and marks it; right ones compile", async (t) => {
  const wrong = WRONG_CONFIGS.map(({ config }, i) => [`wrong_${i}.ts`, `${PRELUDE}\n${config}\n`] as const);
  const right = sources("tests/config/types/right").map(({ path }) => path);
  const found = await denoCheck({ ...Object.fromEntries(wrong), "prelude.ts": `${PRELUDE}\n` }, right);

  await t.step("what all wrong ones import compiles", () => assert.deepEqual(found.get("prelude.ts"), []));
  await t.step("right configs and the tables of types compile", () => {
    assert.ok(right.length > 0);
    for (const path of right) assert.deepEqual(found.get(path), [], path);
  });
  for (const [i, { name, errors }] of WRONG_CONFIGS.entries()) {
    await t.step(name, () => {
      const seen = found.get(`wrong_${i}.ts`)!;
      assert.deepEqual(seen.map(({ message }) => ordered(message)), errors.map(([message]) => ordered(message)));
      for (const [j, [, at]] of errors.entries()) assert.equal(seen[j].at.slice(0, at.length), at);
    });
  }
});

/** The members of unions in one order: the compiler prints them in the order in which it met them, in any file. */
function ordered(message: string): string {
  return message.replaceAll(/'([^']+)'/g, (_, type: string) => `'${new TypeText(type).ordered()}'`);
}

/** A type as the compiler prints it. */
class TypeText {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/"[^"]*"|`[^`]*`| \| |=>|[[\](){}<>;,&]|: |(?:(?!: | \| |=>)[^"`[\](){}<>;,&])+/g) ?? [];
  }

  /** Up to the bracket that closes, each union with its members sorted. */
  ordered(): string {
    let done = "", members: string[] = [""];
    const end = () => {
      done += members.sort().join(" | ");
      members = [""];
    };
    for (; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at];
      if (/^[\])}>]$/.test(token)) break;
      if (token === " | ") members.push("");
      else if (/^(?:[;,&]|: |=>)$/.test(token)) {
        end();
        done += token;
      } else members[members.length - 1] += /^[[({<]$/.test(token) ? this.#inside(token) : token;
    }
    end();
    return done;
  }

  #inside(open: string): string {
    this.#at++;
    return open + this.ordered() + (this.#tokens[this.#at] ?? "");
  }
}

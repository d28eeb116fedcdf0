import { strict as assert } from "node:assert";
import { pathToFileURL } from "node:url";
import { declarationsOf } from "./gate/declarations.ts";
import { publicApi } from "./gate/public_api.ts";
import { ROOT } from "./gate/tree.ts";
import { TempDir } from "./support/temp_dir.ts";

const SNAPSHOT = `${ROOT}/tests/golden/public_api.txt`;
const MOD = pathToFileURL(`${ROOT}/mod.ts`);

Deno.test("mod.ts shows what tests/golden/public_api.txt says", async () => {
  const { text } = await publicApi(MOD);
  if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(SNAPSHOT, text);
  if (text === await Deno.readTextFile(SNAPSHOT)) return;
  const hint =
    "The public API has changed. If that is meant: UPDATE_GOLDEN=1 deno task test:unit tests/public_api_test.ts";
  assert.deepEqual(text.split("\n\n"), (await Deno.readTextFile(SNAPSHOT)).split("\n\n"), hint);
});

Deno.test("everything that mod.ts exports says what it is for", async () => {
  assert.deepEqual((await publicApi(MOD)).undocumented, []);
});

Deno.test("publicApi() follows exports, new names and the types behind them", async () => {
  await using dir = await TempDir.make({
    "mod.ts":
      `export { b as renamed } from "./b.ts";\nexport * from "./a.ts";\nexport type { A as Again } from "./a.ts";\n`,
    "a.ts":
      `/** A. */\nexport type A = string;\nexport function f(a: A): void;\nexport function f(a: number): void;\n` +
      `export function f(a: A | number): void { const x: Unseen = a; }\ntype Unseen = unknown;\n`,
    "b.ts": `import type { Options as O } from "./options.ts";\nfunction hidden() {}\n` +
      `/** B. */\nexport function b(options: O, map: Map<string, Local>): void { hidden(); }\ninterface Local {}\n`,
    "options.ts": `export interface Options extends Base {\n  /** Why. */\n  more: Pick<typeof shared>;\n}\n` +
      `type Pick<T> = T extends Deep ? 1 : 2;\ntype Deep = string;\ninterface Base {}\nconst shared = { a: 1 };\n`,
  });
  const { text, undocumented } = await publicApi(pathToFileURL(dir.join("mod.ts")));
  assert.equal(
    text,
    `export type A = string;

// exported as Again:

export type A = string;

export function f(a: A): void;

export function f(a: number): void;

export function f(a: A | number): void

// exported as renamed:

export function b(options: O, map: Map<string, Local>): void

// Not exported, but reached through the above (without types that only compute others):

interface Base {}

type Deep = string;

interface Local {}

export interface Options extends Base {
  more: Pick<typeof shared>;
}

const shared = { a: 1 };
`,
  );
  assert.deepEqual(undocumented, ["f"]);
});

Deno.test("publicApi() refuses an export that leads nowhere", async () => {
  await using dir = await TempDir.make({
    "mod.ts": `export { gone } from "./a.ts";\n`,
    "a.ts": `export const here = 1;\n`,
  });
  await assert.rejects(publicApi(pathToFileURL(dir.join("mod.ts"))), /"gone" is exported but leads nowhere/);
});

Deno.test("declarationsOf() shows what a user can see of a declaration", async (t) => {
  const rows: [written: string, shown: string][] = [
    ["export const a: number = 1;", "export const a: number;"],
    ["export const a = 1;", "export const a = 1;"],
    ["export const a = (b: string): number => { return 1; };", "export const a = (b: string): number =>"],
    ["export type a =\n  // why\n  | 1\n  | 2;", "export type a =\n  | 1\n  | 2;"],
    [
      "export interface a {\n  /** Doc. */\n  b?: string;\n\n  c(): void;\n}",
      "export interface a {\n  b?: string;\n  c(): void;\n}",
    ],
    [
      "export class a extends B {\n  #x = 1;\n  private y = 2;\n  z: number = 3;\n  constructor() { super(); }\n" +
      "  get w(): string { return 'w'; }\n  #p() {}\n  q = () => { return 1; };\n}",
      "export class a extends B {\n  z: number;\n  constructor()\n  get w(): string\n  q = () =>\n}",
    ],
  ];
  for (const [written, shown] of rows) {
    await t.step(shown.split("\n")[0], () => {
      const declaration = declarationsOf(`/** é → 😀 */\n${written}`).declared.get("a");
      assert.deepEqual([declaration?.parts, declaration?.documented], [[shown], true]);
    });
  }
});

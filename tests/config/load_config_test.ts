import { strict as assert } from "node:assert";
import { isAbsolute } from "node:path";
import { z } from "zod";
import { loadConfig } from "../../src/config/load_config.ts";
import { formatIssue } from "../../src/core/issue.ts";
import { recordPolicy } from "../../src/core/policy.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { TempDir } from "../support/temp_dir.ts";

/** The issues printed, with the folder left out. */
async function failure(dir: TempDir, name: string): Promise<string> {
  const loaded = await loadConfig(dir.join(name));
  assert.ok("issues" in loaded, "this config could be loaded");
  return loaded.issues.map(formatIssue).join("\n").replaceAll(`${dir.path}/`, "").replaceAll(dir.path, "(folder)");
}

const FILES: readonly (readonly [what: string, name: string, text: string | null, issue: string])[] = [
  ["a missing file", "a.yaml", null, "error: there is no file a.yaml\n  write: the path of a file that is there"],
  ["a missing module", "a.ts", null, "error: there is no file a.ts\n  write: the path of a file that is there"],
  [
    "another kind of file",
    "a.toml",
    "",
    "error: a.toml is not a config by its name\n  write: a file that ends in .ts, .js, .yaml, .yml or .json",
  ],
  [
    "a syntax error",
    "syntax.ts",
    "export default {\n  routes: [\n  a b\n};",
    "error: syntax.ts:3:5: syntax error: Expected ',', got 'b'",
  ],
  [
    "a missing import",
    "missing.ts",
    'import { x } from "./nope.ts";\nexport default x;',
    "error: missing.ts:1:19: there is no module nope.ts\n  write: the path of a module that is there",
  ],
  [
    "a name that is in no import map",
    "bare.ts",
    'import { x } from "foo-bar";\nexport default x;',
    'error: bare.ts:1:19: "foo-bar" is neither a path nor a name in the import map\n  write: "npm:foo-bar", or a path that begins with "./"',
  ],
  [
    "a slip in the package's name",
    "package.ts",
    'import { defineGateway } from "gatewrigt";\nexport default defineGateway({ routes: [] });',
    'error: package.ts:1:31: "gatewrigt" is neither a path nor a name in the import map, did you mean "gatewright"?\n  write: "gatewright"',
  ],
  [
    "a slip in the name of an export of the package",
    "named.ts",
    'import { defineGatewy } from "gatewright";\nexport default defineGatewy({ routes: [] });',
    "error: named.ts:1:10: The requested module 'gatewright' does not provide an export named 'defineGatewy', did you mean \"defineGateway\"?\n  write: defineGateway",
  ],
  [
    "an export that the package never had",
    "never.ts",
    'import { frobnicate } from "gatewright";\nexport default frobnicate();',
    "error: never.ts:1:10: The requested module 'gatewright' does not provide an export named 'frobnicate'",
  ],
  [
    "a rejection that nobody catches",
    "stray.ts",
    "Promise.reject(new RangeError('left'));\nexport default { routes: [] };",
    "error: stray.ts:1:16: a promise was rejected and nobody caught it: RangeError: left",
  ],
  [
    "an error that nobody can catch",
    "micro.ts",
    "queueMicrotask(() => {\n  throw new Error('left');\n});\nexport default { routes: [] };",
    "error: micro.ts:2:9: an error was thrown and nobody caught it: left",
  ],
  [
    "a rejection of no error beside a throw",
    "both.ts",
    "Promise.reject(5);\nthrow new Error('boom');",
    "error: both.ts:2:7: the module failed: boom\nerror: both.ts: a promise was rejected and nobody caught it: 5",
  ],
  [
    "a missing export",
    "export.ts",
    'import { nope } from "./ok.ts";\nexport default nope;',
    "error: export.ts:1:10: The requested module './ok.ts' does not provide an export named 'nope'",
  ],
  [
    "a throw at the top level",
    "throws.ts",
    "const a = 1;\nfunction f(): never {\n  throw new RangeError('boom');\n}\nf();\nexport default a;",
    "error: throws.ts:3:9: the module failed: RangeError: boom",
  ],
  [
    "a throw of no error",
    "text.ts",
    "throw { code: 5 };\nexport {};",
    'error: text.ts: the module failed: it threw {"code":5}',
  ],
  [
    "a rejection at the top level",
    "rejects.ts",
    "await Promise.reject(new Error('late'));\nexport {};",
    "error: rejects.ts:1:22: the module failed: late",
  ],
  [
    "an unknown name",
    "reference.ts",
    "export default nme;",
    "error: reference.ts:1:16: the module failed: ReferenceError: nme is not defined",
  ],
  [
    "an error in an imported file",
    "imports.ts",
    'import "./sub/broken.ts";\nexport default {};',
    "error: sub/broken.ts:2:3: syntax error: Expression expected",
  ],
];
for (const [what, name, text, issue] of FILES) {
  Deno.test(`loadConfig() says where ${what} is`, async () => {
    await using dir = await TempDir.make({ "ok.ts": "export const ok = 1;", "sub/broken.ts": "\n  }" });
    if (text !== null) await dir.write(name, text);
    assert.equal(await failure(dir, name), issue);
  });
}

Deno.test("loadConfig() names the user's line where our own code throws", async () => {
  const pattern = new URL("../../src/routing/pattern.ts", import.meta.url).href;
  await using dir = await TempDir.make({
    "ours.ts": `import { parsePattern } from ${
      JSON.stringify(pattern)
    };\nexport default parsePattern(undefined as never);`,
  });
  assert.match(await failure(dir, "ours.ts"), /^error: ours\.ts:2:16: the module failed: TypeError: /);
});

Deno.test("loadConfig() gives a plugin's default export no name", async () => {
  await using dir = await TempDir.make({ "a.yaml": "plugins: [./p.ts]\nroutes: []\npolicies: [default]", "p.ts": "" });
  const policy = recordPolicy({ kind: "a", schema: z.never(), build: () => (next) => next }, {});
  const loaded = await loadConfig(dir.join("a.yaml"), () => Promise.resolve({ default: policy, own: policy }));
  assert.ok(!("issues" in loaded));
  assert.deepEqual(loaded.found.map(({ message }) => message), ['there is no policy "default", did you mean "fault"?']);
});

Deno.test("loadConfig() says that a folder is one", async () => {
  await using dir = await TempDir.make({ "etc/gateway.config.ts": "" });
  assert.equal(
    await failure(dir, "etc"),
    "error: etc is a folder\n  write: a file in it, such as etc/gateway.config.ts",
  );
});

Deno.test("loadConfig() refuses what is not UTF-8, and takes a byte order mark", async () => {
  await using dir = await TempDir.make();
  await Deno.writeFile(dir.join("latin1.yaml"), Uint8Array.of(0x61, 0x3a, 0x20, 0xe9));
  assert.equal(
    await failure(dir, "latin1.yaml"),
    "error: latin1.yaml is not UTF-8 text\n  write: the file saved as UTF-8",
  );
  const loaded = await loadConfig(await dir.write("bom.yaml", "\ufeffroutes: []\n"));
  assert.ok(!("issues" in loaded));
  assert.deepEqual(loaded.value, { routes: [] });
});

Deno.test({
  name: "loadConfig() does not take a denied permission for a missing file",
  permissions: { read: false },
  async fn() {
    const loaded = await loadConfig("/nowhere/gateway.config.ts");
    assert.ok("issues" in loaded);
    assert.deepEqual(loaded.issues.map(formatIssue), [
      "error: Deno has no permission to read /nowhere/gateway.config.ts\n  write: --allow-read=/nowhere/gateway.config.ts",
    ]);
  },
});

Deno.test("loadConfig() lists the files that it read, and resolves them from the config's folder", async () => {
  await using dir = await TempDir.make({
    "conf/gateway.yaml": "include: [more/routes.json]\nplugins: [../lib/policies.ts]\nroutes: []\npolicies: [own]\n",
    "conf/more/routes.json": '[{ "path": "/a" }]',
    "lib/policies.ts": "export const own = () => 5;",
  });
  const loaded = await loadConfig(dir.join("conf/gateway.yaml"));
  assert.ok(!("issues" in loaded));
  assert.ok(loaded.files.every(isAbsolute));
  assert.deepEqual(loaded.files.map((file) => file.replace(`${dir.path}/`, "")), [
    "conf/gateway.yaml",
    "lib/policies.ts",
    "conf/more/routes.json",
  ]);
  assert.deepEqual(loaded.found.map(({ message }) => message), ["own makes no policy"]);
  assert.deepEqual(loaded.locate(["include", 0, "routes", 0, "path"], "value"), {
    file: dir.join("conf/more/routes.json"),
    line: 1,
    column: 12,
  });
});

Deno.test("loadConfig() loads modules as it is told to: a reload brings its own way", async () => {
  await using dir = await TempDir.make({
    "a.ts": "throw new Error('not this way');",
    "b.yaml": "plugins: [./a.ts]\nroutes: []",
  });
  const urls: string[] = [];
  const load = (url: string) => {
    urls.push(url);
    return Promise.resolve({ default: { routes: [] } });
  };
  const module = await loadConfig(dir.join("a.ts"), load), yaml = await loadConfig(dir.join("b.yaml"), load);
  assert.ok(!("issues" in module) && !("issues" in yaml));
  assert.deepEqual(module.value, { routes: [] });
  assert.deepEqual(urls, [`file://${dir.path}/a.ts`, `file://${dir.path}/a.ts`]);
});

const EXPORTS: readonly (readonly [what: string, exports: () => Record<string, unknown>, message: string | null])[] = [
  ["a config", () => ({ default: { routes: [] } }), null],
  ["no default export", () => ({ config: {} }), "this module has no default export"],
  ["a list", () => ({ default: [] }), "the default export is not a config"],
  ["nothing", () => ({ default: undefined }), "the default export is not a config"],
  ["a function", () => ({ default: () => ({}) }), "the default export is not a config"],
  ["a promise", () => ({ default: Promise.reject(new Error("late")) }), "the default export is a promise"],
];
for (const [what, exports, message] of EXPORTS) {
  Deno.test(`loadConfig() judges a module with ${what} as its default`, async () => {
    await using dir = await TempDir.make({ "a.ts": "" });
    const loaded = await loadConfig(dir.join("a.ts"), () => Promise.resolve(exports()));
    assert.equal("issues" in loaded ? loaded.issues[0].message : null, message);
  });
}

Deno.test("loadConfig() waits ten seconds for a module, and no longer", async () => {
  await using dir = await TempDir.make({ "a.ts": "", "a.yaml": "plugins: [./a.ts]\nroutes: []\n" });
  const clock = new FakeClock(), never = () => new Promise<never>(() => {});
  for (const [file, what] of [["a.ts", "config"], ["a.yaml", "plugin"]]) {
    const loading = loadConfig(dir.join(file), never, clock);
    let done = false;
    loading.finally(() => done = true);
    await clock.untilPending(1);
    await clock.pass(9999);
    assert.equal(done, false);
    clock.advance(1);
    const loaded = await loading, found = "issues" in loaded ? loaded.issues : loaded.found;
    const { message, remedy } = found[0];
    assert.deepEqual([found.length, message, remedy], [
      1,
      `waited 10 s for ${dir.join("a.ts")} to load`,
      `a ${what} without endless await`,
    ]);
    assert.deepEqual([loaded.causes, clock.pending], [[], 0]);
  }
});

Deno.test("loadConfig() keeps what modules threw", async () => {
  await using dir = await TempDir.make({ "a.ts": "", "a.yaml": "plugins: [./a.ts]\nroutes: []\n" });
  const thrown = new Error("boom");
  for (const file of ["a.ts", "a.yaml"]) {
    const { causes } = await loadConfig(dir.join(file), () => Promise.reject(thrown));
    assert.deepEqual(causes, [thrown]);
    assert.equal(causes[0], thrown);
  }
});

Deno.test("loadConfig() takes a plugin once, and only from a file", async () => {
  await using dir = await TempDir.make({
    "a.yaml": "plugins: [./p.ts, p.ts, 'npm:foo', 'https://a.example/p.ts']\nroutes: []\npolicies: [two, unknown]\n",
    "p.ts": "export const one = () => 1, two = () => 2;",
  });
  const loaded = await loadConfig(dir.join("a.yaml"));
  assert.ok(!("issues" in loaded));
  assert.deepEqual(loaded.found.map(({ at, message, seen, remedy }) => [at.join("."), message, seen, remedy]), [
    ["plugins.1", "this is plugins[0] again", undefined, "each plugin once"],
    [
      "plugins.2",
      "plugins are files",
      '"npm:foo"',
      'the path of a module of yours that has export * from "npm:foo" in it',
    ],
    [
      "plugins.3",
      "plugins are files",
      '"https://a.example/p.ts"',
      'the path of a module of yours that has export * from "https://a.example/p.ts" in it',
    ],
    ["policies.0", "two makes no policy", "2", "a function that returns a policy"],
  ]);
});

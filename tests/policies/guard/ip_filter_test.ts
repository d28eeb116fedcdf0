import { strict as assert } from "node:assert";
import fc from "fast-check";
import { secret } from "../../../src/core/secret.ts";
import { ipFilter, ipFilterDefinition, type IpFilterOptions } from "../../../src/policies/guard/ip_filter.ts";
import { type ExchangeOptions, readText, type TestEnv } from "../../support/exchange.ts";
import { answering, described, failingEnv, guarding, said } from "./guard_bed.ts";

function from(ip: string, peer = ip): ExchangeOptions {
  return { client: { ip, peer, trusted: peer !== ip } };
}

async function passes(options: IpFilterOptions, ip: string, peer = ip): Promise<boolean> {
  return (await guarding(ipFilter(options))(from(ip, peer))).reply.status === 200;
}

Deno.test("ipFilter() lets pass whom allow has and deny has not", async () => {
  const cases: [options: IpFilterOptions, passing: string[], refused: string[]][] = [
    [{ allow: "10.0.0.0/8" }, ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0", "::1", "a", ""]],
    [{ deny: "10.0.0.0/8" }, ["9.255.255.255", "::1", "unix"], ["10.1.2.3", "::ffff:10.1.2.3"]],
    [{ allow: ["10.0.0.0/8", "2001:db8::/32"], deny: ["10.66.0.0/16", "2001:db8:1::/48"] }, [
      ...["10.65.255.255", "10.67.0.0", "2001:db8::1", "2001:db8:2::", "::ffff:10.0.0.1"],
    ], ["10.66.7.8", "2001:db8:1::1", "192.0.2.1", "::1"]],
    [{ allow: "10.1.2.3", deny: "10.0.0.0/8" }, [], ["10.1.2.3"]],
    [{ allow: "::ffff:192.0.2.0/120" }, ["192.0.2.9", "::ffff:192.0.2.9"], ["192.0.3.0", "::192.0.2.9"]],
    [{ allow: "0.0.0.0/0" }, ["1.2.3.4", "::ffff:1.2.3.4"], ["::1", "2001:db8::1"]],
    [{ allow: "::/0" }, ["::1"], ["1.2.3.4"]],
  ];
  for (const [options, passing, refused] of cases) {
    for (const ip of passing) assert.ok(await passes(options, ip), `${JSON.stringify(options)} ${ip}`);
    for (const ip of refused) assert.ok(!await passes(options, ip), `${JSON.stringify(options)} ${ip}`);
  }
});

Deno.test("ipFilter() goes by the client that trusted proxies name, or by the peer where it is told to", async () => {
  const client = "192.0.2.7", proxy = "10.0.0.1";
  assert.ok(await passes({ allow: client }, client, proxy));
  assert.ok(!await passes({ allow: proxy }, client, proxy));
  assert.ok(!await passes({ allow: client, key: "peer" }, client, proxy));
  assert.ok(await passes({ allow: proxy, key: "peer" }, client, proxy));
});

Deno.test("ipFilter() refuses with a problem document that does not tell the lists, and tells the log why", async () => {
  for (
    const [options, reason] of [
      [{ deny: "192.0.2.0/24" }, "the address is among those that are denied"],
      [{ allow: "10.0.0.0/8" }, "the address is not among those that are allowed"],
    ] as const
  ) {
    const { exchange, reply } = await guarding(ipFilter(options), () => assert.fail("it goes no further"))(
      from("192.0.2.7"),
    );
    assert.deepEqual([reply.status, exchange.error, exchange.reason], [403, "ip_denied", reason]);
    assert.deepEqual(JSON.parse(await readText(reply.body)), {
      type: "urn:gatewright:problem:ip_denied",
      title: "Forbidden",
      status: 403,
      code: "ip_denied",
      detail: "Requests from your address are not taken here.",
      requestId: "req-1",
    });
  }
});

/** An address as a number, and a block as what its addresses have in common. */
interface Model {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

const v4 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value): Model => ({ bits: 32, value }));
const v6 = fc.tuple(fc.constantFrom(0x2001n, 0x0n, 0xfd00n), fc.bigInt({ min: 0n, max: 2n ** 112n - 1n }))
  .map(([head, rest]): Model => ({ bits: 128, value: head << 112n | rest }));
const address = fc.oneof(v4, v6);

function textOf({ bits, value }: Model, mapped = false): string {
  if (bits === 32) {
    const quad = [24n, 16n, 8n, 0n].map((shift) => value >> shift & 255n).join(".");
    return mapped ? `::ffff:${quad}` : quad;
  }
  return Array.from({ length: 8 }, (_, i) => (value >> BigInt(112 - 16 * i) & 0xffffn).toString(16)).join(":");
}

Deno.test("ipFilter() agrees with addresses that are compared bit by bit", async () => {
  const block = fc.tuple(address, fc.nat(), fc.boolean()).map(([{ bits, value }, n, mapped]) => {
    const prefix = n % (bits + 1), shift = BigInt(bits - prefix), first = value >> shift << shift;
    const text = `${textOf({ bits, value: first }, mapped)}/${prefix + (mapped && bits === 32 ? 96 : 0)}`;
    return { text, holds: (a: Model) => a.bits === bits && a.value >> shift === value >> shift, near: { bits, value } };
  });
  const list = fc.array(block, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(list, list, address, fc.nat(), fc.boolean(), async (allow, deny, far, flip, mapped) => {
      // Half of the addresses are those of a block with one bit turned over.
      const { bits, value } = [...allow, ...deny][flip % (allow.length + deny.length)].near;
      const asked = flip % 2 === 0 ? far : { bits, value: value ^ 1n << BigInt(flip % bits) };
      const expected = allow.some(({ holds }) => holds(asked)) && !deny.some(({ holds }) => holds(asked));
      const options = { allow: allow.map(({ text }) => text), deny: deny.map(({ text }) => text) };
      assert.equal(await passes(options, textOf(asked, mapped)), expected);
    }),
    { numRuns: 500 },
  );
});

/** An environment whose file can be changed. */
function withFile(text: string | undefined): { env: TestEnv; file: { text: string | undefined } } {
  const file = { text }, env = failingEnv();
  return {
    file,
    env: { ...env, secrets: () => file.text === undefined ? { error: "no such file" } : { value: file.text } },
  };
}

const BLOCKED = { deny: ["192.0.2.1", secret.file("./blocked.txt")] };

Deno.test("ipFilter() reads a list from a file, and again when it has changed", async () => {
  const { env, file } = withFile("# the worst\n198.51.100.0/24 # all of them\n\n203.0.113.9, 203.0.113.10\r\n");
  const ask = guarding(ipFilter(BLOCKED), answering(), env);
  const status = async (ip: string) => (await ask(from(ip))).reply.status;
  const refused = ["192.0.2.1", "198.51.100.77", "203.0.113.9", "203.0.113.10"];
  for (const ip of refused) assert.equal(await status(ip), 403, ip);
  assert.equal(await status("203.0.113.11"), 200);
  file.text = "203.0.113.11";
  assert.equal(await status("203.0.113.11"), 200, "not yet");
  await env.clock.pass(10_000);
  assert.deepEqual([await status("203.0.113.11"), await status("203.0.113.9"), await status("192.0.2.1")], [
    403,
    200,
    403,
  ]);
});

Deno.test("ipFilter() keeps its list where the file can be read no more, and says so once", async () => {
  const { env, file } = withFile("203.0.113.9");
  const ask = guarding(ipFilter(BLOCKED), answering(), env);
  file.text = "203.0.113.9/24";
  await env.clock.pass(30_000);
  assert.equal((await ask(from("203.0.113.9"))).reply.status, 403);
  assert.deepEqual(env.logged.map(({ level, fields }) => [level, fields?.error]), [[
    "error",
    'route/ipFilter/deny: secret.file("./blocked.txt"), line 1: the address has bits beyond the prefix: ' +
    'expected "203.0.113.0/24", or "203.0.113.9"',
  ]]);
  file.text = undefined;
  await env.clock.pass(20_000);
  assert.equal(env.logged.length, 2, "another trouble is told too");
  file.text = "";
  await env.clock.pass(10_000);
  assert.equal((await ask(from("203.0.113.9"))).reply.status, 200);
});

Deno.test("ipFilter() reads its files anew at each reload, and does not start with a broken one", async () => {
  const { env, file } = withFile("203.0.113.9");
  guarding(ipFilter(BLOCKED), answering(), env);
  file.text = "203.0.113.10";
  const reloaded = guarding(ipFilter(BLOCKED), answering(), env);
  assert.equal((await reloaded(from("203.0.113.10"))).reply.status, 403);
  assert.equal(env.clock.pending, 1, "one timer for both");
  for (const text of ["203.0.113", undefined]) {
    const broken = withFile(text);
    assert.throws(() => guarding(ipFilter(BLOCKED), answering(), broken.env), /blocked\.txt/);
  }
});

Deno.test("ipFilter() options: what check refuses, where, and what to write instead", () => {
  const wrong: [options: unknown, said: RegExp][] = [
    [{}, /^error : there is nothing to filter by/],
    [{ allow: [] }, /^error allow: at least one address is needed/],
    [{ deny: [] }, /^error deny: at least one address is needed/],
    [
      { allow: "10.0.0.1/8" },
      /^error allow: the address has bits beyond the prefix → "10\.0\.0\.0\/8", or "10\.0\.0\.1"$/,
    ],
    [{ allow: ["::1", "10.0.0.0/33"] }, /^error allow\[1\]: the prefix length is not a number from 0 to 32/],
    [{ allow: ["localhost"] }, /^error allow\[0\]: this is not an IP address/],
    [{ allow: [7] }, /^error allow\[0\]: expected an address or a block/],
    [{ allow: "10.0.0.0/8", key: "ip" }, /^error key: expected "client" or "peer"/],
    [{ allow: "10.0.0.0/8", denied: [] }, /denied/],
  ];
  for (const [options, message] of wrong) {
    const found = said(ipFilter(options as IpFilterOptions));
    assert.equal(found.length, 1, `${JSON.stringify(options)}: ${found.join("; ")}`);
    assert.match(found[0], message);
  }
});

Deno.test("ipFilter() options: entries that change nothing are warnings", () => {
  const cases: [IpFilterOptions, RegExp[]][] = [
    [{ allow: ["10.0.0.0/8", "fd00::/8"], deny: ["10.1.0.0/16", "fd00::1"] }, []],
    [{ deny: ["10.0.0.0/8", "10.0.0.0/16"] }, [
      /^warning deny\[1\]: 10\.0\.0\.0\/8 has these too → nothing: leave it out$/,
    ]],
    [{ deny: ["10.0.0.1", "10.0.0.0/8"] }, [/^warning deny\[0\]: 10\.0\.0\.0\/8 has these too/]],
    [{ allow: ["10.0.0.1", "10.0.0.1"] }, [/^warning allow\[1\]: 10\.0\.0\.1 has these too/]],
    [{ deny: ["10.0.0.0/8", "::ffff:10.1.0.0/112"] }, [/^warning deny\[1\]: 10\.0\.0\.0\/8 has these too/]],
    [{ allow: ["10.1.0.0/16", "11.0.0.0/8"], deny: "10.0.0.0/8" }, [/^warning allow\[0\]: deny has 10\.0\.0\.0\/8/]],
    [{ allow: "10.0.0.0/8", deny: "11.0.0.0/8" }, [/^warning deny\[0\]: allow has none of these/]],
    [{ allow: ["10.0.0.0/8", secret.file("x")], deny: "11.0.0.0/8" }, []],
    [{ deny: ["::ffff:10.0.0.0/104", "10.1.0.0/16"] }, [/^warning deny\[1\]: ::ffff:10\.0\.0\.0\/104 has these too/]],
    [{ allow: "0.0.0.0/0", deny: "::1" }, [/^warning deny\[0\]: allow has none of these/]],
  ];
  for (const [options, messages] of cases) {
    const found = said(ipFilter(options));
    assert.equal(found.length, messages.length, found.join("; "));
    for (const [i, message] of messages.entries()) assert.match(found[i], message);
  }
});

Deno.test("ipFilter() says in words what it does, and runs for preflights too", () => {
  const cases: [IpFilterOptions, string][] = [
    [{ allow: "10.0.0.0/8" }, "ipFilter: allow 10.0.0.0/8"],
    [
      { allow: ["10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8", "13.0.0.0/8", "14.0.0.0/8"], deny: "10.1.1.1", key: "peer" },
      "ipFilter: allow 10.0.0.0/8 11.0.0.0/8 12.0.0.0/8 and 2 more, deny 10.1.1.1, by peer",
    ],
    [{ deny: [secret.file("./blocked.txt"), secret.env("BLOCKED")] }, "ipFilter: deny ./blocked.txt $BLOCKED"],
  ];
  for (const [options, text] of cases) assert.equal(described(ipFilter(options)), text);
  const plan = ipFilterDefinition.schema.parse({ allow: "::1" });
  assert.deepEqual(ipFilterDefinition.traits!(plan), { preflight: "joins", everyRequest: true });
});

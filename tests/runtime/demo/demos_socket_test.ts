import { strict as assert } from "node:assert";
import type { Plan } from "../../../src/compile/plan.ts";
import { silentLog } from "../../../src/core/log.ts";
import { DemoError } from "../../../src/runtime/demo/demo_error.ts";
import { type Demos, type RunningDemo, startDemos } from "../../../src/runtime/demo/start_demos.ts";
import type { DemoPlan } from "../../../src/upstreams/upstream_plan.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { RawClient } from "../../support/raw_client.ts";
import { steadyPort } from "../../support/steady_port.ts";
import { endpointPlan, upstreamPlan } from "../../support/upstream_plan.ts";
import { QUIET } from "../../support/telemetry.ts";

const FAST: DemoPlan = { kind: "fast" }, ECHO: DemoPlan = { kind: "echo" };

/** A plan of one upstream for each list of demos; port 0 takes any. */
function planOf(...upstreams: (readonly (readonly [port: number, demo: DemoPlan | null])[])[]): Plan {
  return {
    listeners: [],
    admin: null,
    trustedProxies: [],
    methods: [],
    paths: { encodedSlash: "keep", mergeSlashes: false },
    requestId: { accept: "any", header: "x-request-id" },
    shutdown: { delay: 0, grace: 0 },
    telemetry: QUIET,
    stores: [],
    consumers: [],
    policies: [],
    routes: [],
    upstreams: upstreams.map((demos, i) => ({
      ...upstreamPlan(`u${i}`, [0]),
      endpoints: demos.map(([port, demo]) => endpointPlan(`u${i}`, port, { demo })),
    })),
  };
}

async function withDemos(
  plan: Plan,
  run: (demo: RunningDemo & { port: number }, clock: FakeClock, demos: Demos) => Promise<void>,
  random: () => number = () => 0.5,
): Promise<void> {
  const clock = new FakeClock();
  const demos = await startDemos(plan, { clock, random, log: silentLog });
  try {
    await run({ ...demos.running[0], port: Number(new URL(demos.running[0].url).port) }, clock, demos);
  } finally {
    await demos.stop();
  }
  assert.equal(clock.pending, 0, "no timer is left");
}

Deno.test("fast names itself and its port, and keeps the connection", () =>
  withDemos(planOf([[0, FAST]]), async ({ port }) => {
    await using client = await RawClient.connect(port);
    for (let i = 0; i < 2; i++) {
      const { status, text } = await client.exchange("GET /any/path HTTP/1.1\r\nhost: a\r\n\r\n");
      assert.equal(status, 200);
      assert.deepEqual(JSON.parse(text), { demo: "fast", port });
    }
  }));

Deno.test("fast reads a request's body, so that the connection can be used again", () =>
  withDemos(planOf([[0, FAST]]), async ({ port }) => {
    await using client = await RawClient.connect(port);
    const body = "x".repeat(200_000);
    await client.exchange(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    assert.equal((await client.exchange("GET / HTTP/1.1\r\nhost: a\r\n\r\n")).status, 200);
  }));

Deno.test("slow answers after its delay", () =>
  withDemos(planOf([[0, { kind: "slow", delay: 800 }]]), async ({ port }, clock) => {
    await using client = await RawClient.connect(port);
    await client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    await clock.untilPending(1);
    assert.equal(clock.untilNext, 800);
    clock.advance(799);
    assert.equal(clock.pending, 1);
    clock.advance(1);
    assert.deepEqual(JSON.parse((await client.response()).text), { demo: "slow", port, delay: "800ms" });
  }));

Deno.test("slow stops waiting when the client goes away", () =>
  withDemos(planOf([[0, { kind: "slow", delay: 800 }]]), async ({ port }, clock) => {
    {
      await using client = await RawClient.connect(port);
      await client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      await clock.untilPending(1);
    }
    await clock.untilPending(0);
  }));

Deno.test("slow stops waiting when the demos are stopped", () =>
  withDemos(planOf([[0, { kind: "slow", delay: 800 }]]), async ({ port }, clock, demos) => {
    await using client = await RawClient.connect(port);
    await client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    await clock.untilPending(1);
    await demos.stop();
    await clock.untilPending(0);
  }));

Deno.test("faulty fails when chance falls below its rate", async () => {
  const chances = [0.29, 0.3, 0.999, 0];
  const statuses: number[] = [];
  await withDemos(planOf([[0, { kind: "faulty", failureRate: 0.3 }]]), async ({ port }) => {
    await using client = await RawClient.connect(port);
    while (chances.length > 0) {
      statuses.push((await client.exchange("GET / HTTP/1.1\r\nhost: a\r\n\r\n")).status);
    }
  }, () => chances.shift()!);
  assert.deepEqual(statuses, [500, 200, 200, 500]);
});

Deno.test("echo tells method, target, fields as they came, and body", () =>
  withDemos(planOf([[0, ECHO]]), async ({ port }) => {
    await using client = await RawClient.connect(port);
    const { text } = await client.exchange(
      'PUT /a//b/%2e?x=1?&y HTTP/1.1\r\nHost: a.example\r\nX-B: 2\r\nx-a: \xe9\r\nX-B: 1\r\ncontent-length: 4\r\n\r\n"\xc3\xa9\n',
    );
    assert.deepEqual(JSON.parse(text), {
      demo: "echo",
      port,
      method: "PUT",
      path: "/a//b/%2e",
      query: "?x=1?&y",
      headers: [["Host", "a.example"], ["X-B", "2"], ["x-a", "é"], ["X-B", "1"], ["content-length", "4"]],
      body: { bytes: 4, text: '"é\n' },
    });
  }));

Deno.test("echo tells only the size of a body that is long or no text", () =>
  withDemos(planOf([[0, ECHO]]), async ({ port }) => {
    await using client = await RawClient.connect(port);
    for (const [body, expected] of [["\xff\xfe", { bytes: 2 }], ["x".repeat(4097), { bytes: 4097 }]] as const) {
      const { text } = await client.exchange(
        `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      assert.deepEqual(JSON.parse(text).body, expected);
    }
  }));

Deno.test("startDemos() starts a demo once that two upstreams name, and leaves real endpoints alone", async () => {
  const port = steadyPort();
  await withDemos(planOf([[port, FAST], [1, null]], [[port, FAST]]), async (demo, _clock, demos) => {
    assert.deepEqual(demos.running, [{ kind: "fast", url: `http://127.0.0.1:${port}`, plan: FAST }]);
    await using client = await RawClient.connect(demo.port);
    assert.equal((await client.exchange("GET / HTTP/1.1\r\nhost: a\r\n\r\n")).status, 200);
  });
});

Deno.test("startDemos() refuses two different demos on one port", async () => {
  await assert.rejects(
    startDemos(planOf([[9, FAST]], [[9, ECHO]]), { clock: new FakeClock(), random: () => 0, log: silentLog }),
    new DemoError(
      "the demo endpoints u0/http://127.0.0.1:9 (fast) and u1/http://127.0.0.1:9 (echo) differ but share port 9: " +
        "give one of them another port",
    ),
  );
});

for (const demo of [FAST, ECHO]) {
  Deno.test(`startDemos() names the port that is in use (${demo.kind}) and leaves nothing running`, async () => {
    const [free, port] = [steadyPort(), steadyPort()].sort((a, b) => a - b);
    using _taken = Deno.listen({ hostname: "127.0.0.1", port });
    await assert.rejects(
      startDemos(planOf([[free, FAST], [port, demo]]), {
        clock: new FakeClock(),
        random: () => 0,
        log: silentLog,
      }),
      new DemoError(
        `the demo endpoint u0/http://127.0.0.1:${port} cannot listen: port ${port} is in use; ` +
          "stop what listens there, or give demo() another port",
      ),
    );
    Deno.listen({ hostname: "127.0.0.1", port: free }).close();
  });
}

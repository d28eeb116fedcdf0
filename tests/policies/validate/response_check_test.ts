import { strict as assert } from "node:assert";
import { BodyError } from "../../../src/core/body.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import type { ValidateOptions } from "../../../src/policies/validate/validate.ts";
import { type LogEntry, readText, ScriptedBody } from "../../support/exchange.ts";
import { ValidateBed } from "./validate_bed.ts";

const options: ValidateOptions = { response: { body: { type: "object", required: ["id"] } } };

/** Has an answer pass, reads it, and lets time pass. */
async function passed(
  reply: () => Reply,
  request: object = {},
  more: ValidateOptions["response"] = {},
): Promise<{ readonly text: string; readonly logged: readonly LogEntry[] }> {
  const bed = new ValidateBed({ response: { ...options.response, ...more } }, {}, reply);
  const asked = await bed.ask({ method: "GET", ...request });
  assert.deepEqual(bed.env.logged, [], "nothing is looked at before the answer is out");
  const text = await readText(asked.reply.body).catch((error: Error) => error.message);
  await bed.env.clock.pass(200);
  return { text, logged: bed.env.logged };
}

function json(text: string | ScriptedBody, status = 200, type = "application/json"): () => Reply {
  const body = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return () => new Reply(status, HeaderList.of("content-type", type), body);
}

Deno.test("validate() reports answers that do not fit, and lets them pass as they are", async () => {
  for (
    const body of [
      '{"name":"secret"}',
      new ScriptedBody(['{"name":', '"secret"}']),
      new ScriptedBody(['{"name":"secret"}'], { length: 17, sync: true }),
    ]
  ) {
    const { text, logged } = await passed(json(body));
    assert.equal(text, '{"name":"secret"}');
    assert.deepEqual(logged, [{
      level: "warn",
      message: "an answer is not what is described for it",
      fields: {
        policy: "a/validate",
        route: "",
        endpoint: "",
        requestId: "req-1",
        status: 200,
        errors: ["/id is missing"],
      },
    }]);
  }
});

Deno.test("validate() says nothing of answers that fit, or that it cannot or need not look at", async (t) => {
  const failing = () => new ScriptedBody(["{"], { failure: new BodyError("endpoint", "gone") });
  const rows: [name: string, reply: () => Reply, request?: object][] = [
    ["one that fits", json('{"id":1}')],
    ["another status", json("1", 404)],
    ["an answer to HEAD", json("1"), { method: "HEAD" }],
    ["no body", () => new Reply(200, HeaderList.of("content-type", "application/json"), null)],
    [
      "an encoded one",
      () =>
        new Reply(200, HeaderList.of("content-type", "application/json", "content-encoding", "br"), new Uint8Array(9)),
    ],
    ["a long one", json(`"${"x".repeat(200)}"`)],
    ["a long stream", json(new ScriptedBody([`"${"x".repeat(200)}"`]))],
    ["a long one that says so", json(new ScriptedBody([`"${"x".repeat(200)}"`], { length: 202 }))],
    ["one that breaks off", json(failing())],
  ];
  for (const [name, reply, request] of rows) {
    await t.step(name, async () => assert.deepEqual((await passed(reply, request, { maxBody: 100 })).logged, []));
  }
});

Deno.test("validate() reports answers that are not JSON though they should be", async () => {
  assert.deepEqual((await passed(json("<html>"))).logged[0].fields?.errors, ["it is not JSON"]);
});

Deno.test("validate() reports types that are not described", async () => {
  const bed = new ValidateBed(options, {}, json("<a>", 200, "text/html"));
  assert.equal((await bed.ask({ method: "GET" })).status, 200);
  assert.deepEqual(bed.env.logged.map(({ fields }) => fields?.errors), [["its type is not described"]]);
});

Deno.test("validate() looks at a share of the answers", async () => {
  // The chance of the bed is 0.5.
  assert.equal((await passed(json("1"), {}, { sample: 0.6 })).logged.length, 1);
  assert.equal((await passed(json("1"), {}, { sample: 0.5 })).logged.length, 0);
});

Deno.test("validate() looks into answers as deep as into requests", async () => {
  for (const [maxDepth, errors] of [[70, []], [60, ["its arrays and objects are nested too deep"]]] as const) {
    const bed = new ValidateBed({ maxDepth, response: { body: {} } }, {}, json("[".repeat(65) + "]".repeat(65)));
    await bed.ask({ method: "GET" });
    await bed.env.clock.pass(200);
    assert.deepEqual(bed.env.logged.flatMap(({ fields }) => fields?.errors), errors);
  }
});

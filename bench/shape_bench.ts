/**
 * What changing and checking bodies costs: `deno bench --allow-all bench/shape_bench.ts`. `compress` beside node:zlib
 * alone, and `validate` and `transform` beside JSON.parse and the compiled schema alone.
 *
 * @module
 */

import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type Body, isBodySource } from "../src/core/body.ts";
import type { Handler } from "../src/core/handler.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { Reply } from "../src/core/reply.ts";
import { CODINGS, DEFAULT_LEVELS, prepareCoding } from "../src/policies/shape/compress/content_coding.ts";
import { compressDefinition } from "../src/policies/shape/compress.ts";
import { compressSchema } from "../src/policies/shape/compress_schema.ts";
import { transformDefinition } from "../src/policies/shape/transform.ts";
import { transformSchema } from "../src/policies/shape/transform_schema.ts";
import { validateDefinition } from "../src/policies/validate/validate.ts";
import { validateSchema } from "../src/policies/validate/validate_schema.ts";
import { makeEnv, makeExchange } from "../tests/support/exchange.ts";

const env = makeEnv(), encoder = new TextEncoder(), decoder = new TextDecoder();

/** A list of records, of at least so many bytes. */
function records(size: number): Uint8Array {
  const list: unknown[] = [];
  for (let length = 2; length < size; length += JSON.stringify(list.at(-1)).length + 1) {
    const id = list.length;
    list.push({
      id,
      name: `user ${id * 7919 % 1000}`,
      email: `u${id * 31 % 977}@example.com`,
      price: id * 37 % 10007 / 100,
    });
  }
  return encoder.encode(JSON.stringify(list));
}

const BODIES: readonly (readonly [name: string, bytes: Uint8Array])[] = [["2 KiB", records(2048)], [
  "64 KiB",
  records(65536),
]];

/** Reads a body to its end. */
async function drain(body: Body): Promise<number> {
  if (!isBodySource(body)) return body?.length ?? 0;
  const into = new Uint8Array(64 * 1024);
  for (let total = 0;;) {
    const count = await body.read(into);
    if (count === 0) return total;
    total += count;
  }
}

function answering(bytes: Uint8Array): Handler {
  return () => new Reply(200, HeaderList.of("content-type", "application/json"), bytes);
}

const compressing = (bytes: Uint8Array) =>
  compressDefinition.build(compressSchema.parse({}), env, "bench")(answering(bytes));

for (const [name, bytes] of BODIES) {
  for (const coding of CODINGS) {
    const group = `${coding}, ${name}`, { whole, open } = prepareCoding(coding, DEFAULT_LEVELS[coding]);
    const handler = compressing(bytes), headers: [string, string][] = [["accept-encoding", coding]];
    Deno.bench(`${group}: zlib at once`, { group, baseline: true }, () => void whole(bytes));
    Deno.bench(`${group}: zlib as a stream`, { group }, async () => {
      await buffer(Readable.from([bytes]).pipe(open()));
    });
    Deno.bench(`${group}: compress`, { group }, async () => {
      await drain((await handler(makeExchange({ headers }))).body);
    });
  }
}

const small = compressing(BODIES[0][1]), fields: [string, string][] = [["accept-encoding", "identity"]];
Deno.bench(
  "no coding: compress",
  { group: "nothing to do", baseline: true },
  () => void small(makeExchange({ headers: fields })),
);
Deno.bench(
  "no coding: nothing",
  { group: "nothing to do" },
  () => void answering(BODIES[0][1])(makeExchange({ headers: fields })),
);

const SCHEMA = {
  type: "array",
  items: {
    type: "object",
    required: ["id", "name"],
    properties: {
      id: { type: "integer", minimum: 0 },
      name: { type: "string", maxLength: 20 },
      email: { type: "string", maxLength: 50 },
      price: { type: "number" },
    },
    additionalProperties: false,
  },
};
const check = new Ajv2020({ allErrors: false }).compile(SCHEMA),
  pass: Handler = () => new Reply(200, HeaderList.of(), null);
const validating = validateDefinition.build(validateSchema.parse({ body: SCHEMA }), env, "bench")(pass);
const mapping = transformDefinition.build(
  transformSchema.parse({ request: { body: { list: "{body:}" } } }),
  env,
  "bench",
)(pass);
const posted: [string, string][] = [["content-type", "application/json"]];

for (const [name, bytes] of BODIES) {
  const group = `JSON, ${name}`, post = () => makeExchange({ method: "POST", headers: posted, body: bytes });
  Deno.bench(
    `${group}: JSON.parse and the schema`,
    { group, baseline: true },
    () => void check(JSON.parse(decoder.decode(bytes))),
  );
  Deno.bench(`${group}: validate`, { group }, () => void validating(post()));
  Deno.bench(`${group}: JSON.parse and stringify`, { group }, () => {
    encoder.encode(JSON.stringify({ list: JSON.parse(decoder.decode(bytes)) }));
  });
  Deno.bench(`${group}: transform`, { group }, () => void mapping(post()));
}

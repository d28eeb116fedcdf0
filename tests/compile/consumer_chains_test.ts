import { strict as assert } from "node:assert";
import type { BuiltPolicy } from "../../src/compile/built_policy.ts";
import { consumerChains } from "../../src/compile/consumer_chains.ts";
import type { ConsumerPlan } from "../../src/compile/plan.ts";
import { policyNodes } from "../../src/compile/policy_nodes.ts";
import { foldChain } from "../../src/compile/fold_chain.ts";
import { HeaderList } from "../../src/core/header_list.ts";
import { type Policy, recordPolicy } from "../../src/core/policy.ts";
import { Reply } from "../../src/core/reply.ts";
import { makeEnv, makeExchange } from "../support/exchange.ts";
import { z } from "zod";

/** A policy that writes down when it is built and when it runs. */
function noting(notes: string[], name: string): Policy {
  return recordPolicy({
    kind: name,
    schema: z.unknown(),
    build: (_options, _env, id) => {
      notes.push(`build ${id}`);
      return (next) => {
        notes.push(`fold ${id}`);
        return (exchange) => {
          notes.push(id);
          return next(exchange);
        };
      };
    },
  }, {});
}

function consumer(name: string, policies: readonly Policy[]): ConsumerPlan {
  const credentials = { groups: [], keys: [], subjects: [], users: [], certificates: [] };
  return { name, ...credentials, policies: policyNodes(policies, `consumer/${name}`) };
}

/** An identity policy that finds this consumer. */
function finding(name: string | undefined): BuiltPolicy {
  return {
    traits: { identity: "required" },
    middleware: (next) => (exchange) => {
      exchange.identity = { method: "test", ...name === undefined ? {} : { consumer: name } };
      return next(exchange);
    },
  };
}

const target = () => new Reply(200, HeaderList.of(), null);

Deno.test("a consumer's policies run right behind what has found it, in their order", () => {
  const notes: string[] = [];
  const after: BuiltPolicy = { traits: {}, middleware: (next) => (exchange) => (notes.push("after"), next(exchange)) };
  const chains = consumerChains([
    consumer("acme", [noting(notes, "a"), noting(notes, "b")]),
    consumer("globex", [noting(notes, "c")]),
    consumer("plain", []),
  ], makeEnv());
  assert.deepEqual(notes.splice(0), ["build consumer/acme/a", "build consumer/acme/b", "build consumer/globex/c"]);
  const run = (name: string | undefined) => {
    foldChain([finding(name), after].map(chains).map(({ middleware }) => middleware), target)(makeExchange());
    return notes.splice(0).filter((note) => !note.startsWith("fold"));
  };
  assert.deepEqual(run("acme"), ["consumer/acme/a", "consumer/acme/b", "after"]);
  assert.deepEqual(run("globex"), ["consumer/globex/c", "after"]);
  for (const other of ["plain", "nobody", "__proto__", undefined]) assert.deepEqual(run(other), ["after"]);
});

Deno.test("a consumer's policies are folded once for each chain, and not for one that it never takes", () => {
  const notes: string[] = [];
  const chains = consumerChains([consumer("acme", [noting(notes, "a")])], makeEnv());
  const handlers = [1, 2].map(() => foldChain([chains(finding("acme")).middleware], target));
  notes.length = 0;
  for (let i = 0; i < 3; i++) handlers[0](makeExchange());
  assert.deepEqual(notes, ["fold consumer/acme/a", ...Array(3).fill("consumer/acme/a")]);
});

Deno.test("a consumer's policies run once a request, however often it is found, and another's run beside them", () => {
  const notes: string[] = [];
  const chains = consumerChains([
    consumer("acme", [noting(notes, "a")]),
    consumer("globex", [noting(notes, "g")]),
  ], makeEnv());
  const handler = foldChain(
    ["acme", "acme", "globex", "acme"].map((name) => chains(finding(name)).middleware),
    target,
  );
  notes.length = 0;
  for (let i = 0; i < 2; i++) handler(makeExchange());
  assert.deepEqual(
    notes.filter((note) => !note.startsWith("fold")),
    Array(2).fill(["consumer/acme/a", "consumer/globex/g"]).flat(),
  );
});

Deno.test("where no consumer has policies nothing stands in the way", () => {
  const policy = finding("acme"), chains = consumerChains([consumer("acme", [])], makeEnv());
  assert.equal(chains(policy), policy);
  const plain: BuiltPolicy = { traits: {}, middleware: (next) => next };
  assert.equal(consumerChains([consumer("acme", [noting([], "a")])], makeEnv())(plain).middleware, plain.middleware);
});

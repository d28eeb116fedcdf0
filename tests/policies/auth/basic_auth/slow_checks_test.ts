import { strict as assert } from "node:assert";
import type { PasswordJob } from "../../../../src/policies/auth/basic_auth/password_worker.ts";
import { SlowChecks, type Thread } from "../../../../src/policies/auth/basic_auth/slow_checks.ts";
import { makeEnv } from "../../../support/exchange.ts";
import { turn } from "../../../support/turn.ts";
import { HASHES } from "./hashes.ts";

const SLOW = HASHES.filter(([, hash]) => hash.startsWith("$"));

Deno.test("SlowChecks tells right passwords from wrong ones, on its thread", async () => {
  const env = makeEnv(), checks = new SlowChecks(env);
  try {
    for (const [password, hash] of SLOW) {
      assert.equal(await checks.check(password, hash), true, hash);
      assert.equal(await checks.check(`x${password}`, hash), false, hash);
    }
    assert.equal(await checks.check("a", "$2b$10$none"), null, "what cannot be checked is not good");
    const passwords = SLOW.map(([password]) => password), [[, first]] = SLOW;
    const several = await Promise.all(passwords.map((password) => checks.check(password, first)));
    assert.deepEqual(several, passwords.map((password) => password === SLOW[0][0]));
    assert.deepEqual([checks.size, env.logged], [0, []]);
  } finally {
    checks.close();
    env.deadlines.close();
  }
});

/** Threads that do what a test says. */
class Threads {
  readonly started: (Thread & { jobs: PasswordJob[]; ended: boolean })[] = [];

  start = (): Thread => {
    const thread = {
      jobs: [] as PasswordJob[],
      ended: false,
      onmessage: null,
      onerror: null,
      postMessage: (job: unknown) => void thread.jobs.push(job as PasswordJob),
      terminate: () => void (thread.ended = true),
    };
    this.started.push(thread);
    return thread;
  };

  answer(good: boolean): void {
    const thread = this.started.at(-1)!, { id } = thread.jobs.shift()!;
    (thread.onmessage as unknown as (event: object) => void)({ data: { id, good } });
  }

  fail(message: string): void {
    const thread = this.started.at(-1)!;
    (thread.onerror as unknown as (event: object) => void)({ message, preventDefault() {} });
  }
}

function bed() {
  const env = makeEnv(), threads = new Threads();
  return { env, threads, checks: new SlowChecks(env, threads.start) };
}

Deno.test("SlowChecks starts one thread when the first check comes, and ends it", async () => {
  const { checks, threads } = bed();
  assert.equal(threads.started.length, 0);
  const first = checks.check("a", "h"), second = checks.check("b", "h");
  threads.answer(true);
  assert.equal(await first, true);
  assert.equal(threads.started.length, 1);
  checks.close();
  assert.equal(await second, null, "what still waited is not good");
  assert.ok(threads.started[0].ended);
  assert.equal(await checks.check("a", "h"), null);
  assert.equal(threads.started.length, 1);
});

Deno.test("SlowChecks takes 64 at a time and no more", async () => {
  const { checks, threads } = bed();
  const waiting = Array.from({ length: 64 }, () => checks.check("a", "h"));
  assert.equal(await checks.check("a", "h"), null);
  assert.equal(threads.started[0].jobs.length, 64);
  threads.answer(false);
  assert.equal(await waiting[0], false);
  const another = checks.check("a", "h");
  assert.equal(checks.size, 64);
  checks.close();
  assert.equal(await another, null);
});

Deno.test("SlowChecks starts a thread that failed anew, after a second", async () => {
  const { checks, threads, env } = bed();
  const check = checks.check("a", "h");
  threads.fail("no such module");
  assert.equal(await check, null);
  assert.deepEqual(env.logged.map(({ message, fields }) => [message, fields]), [
    ["the thread that checks passwords failed; it is started anew", { error: "no such module" }],
  ]);
  assert.ok(threads.started[0].ended);
  env.clock.advance(999);
  assert.equal(await checks.check("a", "h"), null);
  env.clock.advance(1);
  const again = checks.check("a", "h");
  threads.answer(true);
  assert.equal(await again, true);
  assert.equal(threads.started.length, 2);
  checks.close();
});

Deno.test("SlowChecks gives up a thread that brings nothing, and not one that is only slow", async () => {
  const { checks, threads, env } = bed();
  const first = checks.check("a", "h"), second = checks.check("b", "h");
  env.clock.advance(29_000);
  threads.answer(true);
  assert.equal(await first, true);
  env.clock.advance(29_000);
  await turn();
  assert.equal(threads.started[0].ended, false);
  env.clock.advance(2_000);
  assert.equal(await second, null);
  assert.ok(threads.started[0].ended);
  assert.equal(env.logged[0].fields?.error, "no result in 30000 ms");
  env.clock.advance(100_000);
  assert.equal(env.logged.length, 1, "nobody waits");
});

import { strict as assert } from "node:assert";
import { type Fault, faultOf } from "../../../src/state/redis/fault.ts";

const REPLIES: readonly (readonly [message: string, fault: Fault])[] = [
  ["ERR user_script:9: attempt to perform arithmetic on a nil value script: f_ab", "request"],
  ["WRONGTYPE Operation against a key holding the wrong kind of value", "request"],
  ["READONLY You can't write against a read only replica.", "server"],
  ["LOADING Redis is loading the dataset in memory", "server"],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", "server"],
  // As Redis 5 and 6 say it.
  [
    "ERR Error running script (call to f_ab): @user_script:7: @user_script: 7: -READONLY You can't write against a " +
    "read only replica.",
    "server",
  ],
  ["ERR Error running script (call to f_ab): @user_script:7: @user_script: 7: -OOM command not allowed", "unknown"],
  ["ERR Error running script (call to f_ab): @user_script:7: attempt to index a nil value", "request"],
  ["OOM command not allowed when used memory > 'maxmemory'.", "unknown"],
  ["CLUSTERDOWN The cluster is down", "unknown"],
  ["TRYAGAIN Multiple keys request during rehashing of slot", "request"],
  ["ASK 1234 127.0.0.1:7001", "request"],
];

const OTHERS: readonly (readonly [message: string, fault: Fault])[] = [
  ["Too many Cluster redirections. Last error: ReplyError: TRYAGAIN Multiple keys request", "request"],
  ["Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN Hash slot not served", "unknown"],
  ["Too many Cluster redirections. Last error: Error: Connection is closed.", "unknown"],
  ["Connection is closed.", "unknown"],
  ["ERR that nobody replied", "unknown"],
];

Deno.test("what Redis says of a request is not held against it; a server that takes no writes is left", () => {
  for (const [message, fault] of REPLIES) {
    assert.equal(faultOf(Object.assign(new Error(message), { name: "ReplyError" })), fault, message);
  }
  for (const [message, fault] of OTHERS) assert.equal(faultOf(new Error(message)), fault, message);
});

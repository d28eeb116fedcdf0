/** What outlier detection knows of one endpoint. @module */

import { isGatewayError, NOBODYS, type OutcomeCode } from "../outcome_set.ts";
import { EjectionTime } from "./ejection_time.ts";
import type { OutlierPlan } from "./outlier_plan.ts";

/** An endpoint that can be ejected. */
export interface Ejectable {
  readonly id: string;
  /** Whether active checks let it be used; `true` where there are none. */
  readonly up: boolean;
}

/** Who decides, when a record has something to say. */
export interface OutlierJudge {
  /** The first outcome since the last comparison. */
  counting(): void;
  /** Too many failures in a row. */
  standsOut(record: OutlierRecord, why: string): void;
}

/** A record of an endpoint while it is ejected. */
export interface Ejection {
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly why: string;
}

/** Hears what every attempt came to; it belongs to an endpoint for as long as that is a member of its upstream. */
export class OutlierRecord {
  /** Outcomes and successes since the last comparison; counted where the plan compares. */
  requests = 0;
  successes = 0;
  /** How often it was ejected. */
  ejections = 0;
  readonly time: EjectionTime;
  readonly #judge: OutlierJudge;
  readonly #compared: boolean;
  readonly #maxGatewayErrors: number;
  readonly #maxServerErrors: number;
  /** In a row. */
  #gatewayErrors = 0;
  #serverErrors = 0;
  #ejection: Ejection | null = null;
  #listening = true;

  /** @param endpoint the object that stands for the endpoint now; a reload may bring another */
  constructor(public endpoint: Ejectable, plan: OutlierPlan, judge: OutlierJudge) {
    this.time = new EjectionTime(plan);
    this.#judge = judge;
    this.#compared = plan.successRate !== null;
    this.#maxGatewayErrors = plan.consecutiveGatewayErrors ?? Infinity;
    this.#maxServerErrors = plan.consecutive5xx ?? Infinity;
  }

  /** Whether it is to be left out, as long as ejections are heeded. */
  get ejected(): boolean {
    return this.#ejection !== null;
  }

  /** `null` while it is not ejected. */
  get ejection(): Ejection | null {
    return this.#ejection;
  }

  /** Whether outcomes count: not while it is ejected, nor when its endpoint has gone. */
  get listening(): boolean {
    return this.#listening;
  }

  /** An attempt is over. What was nobody's doing counts for nothing; an answer below 500 is a success. */
  heard(code: OutcomeCode): void {
    if (code === NOBODYS || !this.#listening) return;
    if (this.#compared && this.requests++ === 0) this.#judge.counting();
    if (code >= 500 || code < 100) return this.#failed(code);
    this.successes++;
    this.#gatewayErrors = this.#serverErrors = 0;
  }

  /** For the detection: it is out until further notice. */
  eject(ejection: Ejection): void {
    this.#ejection = ejection;
    this.ejections++;
    this.forget();
  }

  /** For the detection: it is back, with a clean sheet. */
  restore(): void {
    this.#ejection = null;
    this.#listening = true;
  }

  /** For the detection: nothing is heard any more, nor remembered of what was. */
  forget(): void {
    this.#listening = false;
    this.#gatewayErrors = this.#serverErrors = 0;
    this.requests = this.successes = 0;
  }

  #failed(code: OutcomeCode): void {
    this.#serverErrors++;
    this.#gatewayErrors = isGatewayError(code) ? this.#gatewayErrors + 1 : 0;
    // Where it may not be ejected now, the next failure asks again.
    if (this.#gatewayErrors >= this.#maxGatewayErrors) {
      this.#judge.standsOut(this, `${this.#gatewayErrors} gateway errors in a row`);
    } else if (this.#serverErrors >= this.#maxServerErrors) {
      this.#judge.standsOut(this, `${this.#serverErrors} failures or answers of 5xx in a row`);
    }
  }
}

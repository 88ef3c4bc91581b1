import type {
  LastUpgrade,
  RunEvent,
  RunFilter,
  RunPage,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import type { NewRunEvent, Run } from '../types';
import { createRun } from './createRun';
import { lastUpgrades } from './lastUpgrades';
import { claim, record, release, renew } from './leases';
import { listRuns } from './listRuns';
import { readRun } from './readRun';
import { readEvents } from './runEvents';
import { assertFree } from './runLocks';
import {
  approval,
  noteRequest,
  pauseRequest,
  rejection,
  resumeRequest,
  stopRequest,
} from './runRequests';
import type { NewRun, RunLease, RunLock, RunStore } from './RunStore';

/** Keeps runs in SQLite or PostgreSQL. */
export class DatabaseRunStore implements RunStore {
  readonly #knex: Knex;

  static create(options: { database: Knex }): DatabaseRunStore {
    return new DatabaseRunStore(options.database);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async create(
    run: NewRun,
    locks: RunLock[],
    events: NewRunEvent[] = [],
  ): Promise<void> {
    return createRun(this.#knex, run, locks, events);
  }

  async assertFree(locks: RunLock[]): Promise<void> {
    return assertFree(this.#knex, locks);
  }

  async get(id: string): Promise<Run | undefined> {
    return readRun(this.#knex, id);
  }

  async list(
    filter: RunFilter & { limit: number; cursor?: string },
  ): Promise<RunPage> {
    return listRuns(this.#knex, filter);
  }

  async events(
    runId: string,
    options: { after?: number; output?: boolean; limit: number },
  ): Promise<RunEvent[]> {
    return readEvents(this.#knex, runId, options);
  }

  async lastUpgrades(workloads: string[]): Promise<Map<string, LastUpgrade>> {
    return lastUpgrades(this.#knex, workloads);
  }

  async requestStop(runId: string, stoppedBy: string): Promise<boolean> {
    return noteRequest(this.#knex, runId, stopRequest(stoppedBy));
  }

  async requestPause(runId: string, pausedBy: string): Promise<boolean> {
    return noteRequest(this.#knex, runId, pauseRequest(pausedBy));
  }

  async resume(runId: string, resumedBy: string): Promise<boolean> {
    return noteRequest(this.#knex, runId, resumeRequest(resumedBy));
  }

  async approve(runId: string, approvedBy: string): Promise<boolean> {
    return noteRequest(this.#knex, runId, approval(this.#knex, approvedBy));
  }

  async reject(
    runId: string,
    by: { rejectedBy: string; reason?: string },
  ): Promise<boolean> {
    return noteRequest(this.#knex, runId, rejection(this.#knex, by));
  }

  async claim(options: {
    owner: string;
    leaseMs: number;
  }): Promise<RunLease[]> {
    return claim(this.#knex, options);
  }

  async renew(
    lease: RunLease,
    leaseMs: number,
  ): Promise<{ run: Run; now: Date }> {
    return renew(this.#knex, lease, leaseMs);
  }

  async record(
    lease: RunLease,
    change: { before: Run; after: Run; events: NewRunEvent[] },
  ): Promise<RunEvent[]> {
    return record(this.#knex, lease, change);
  }

  async release(
    lease: RunLease,
    rest?: { until: Date; requests: number },
  ): Promise<void> {
    return release(this.#knex, lease, rest);
  }
}

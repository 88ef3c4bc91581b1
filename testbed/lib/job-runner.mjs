// A kubelet for the pods of Jobs: `node job-runner.mjs CONFIGURATION` executes what Mesh Upgrade's Jobs ask for as
// processes of this machine, and serves their logs. Pods of other Jobs succeed without executing anything.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  finishedStatus,
  imagePullStatus,
  MANAGED_BY,
  PRODUCT,
} from './job-pod.mjs';
import { KubeApi } from './kube-api.mjs';
import { serveLogs } from './pod-logs.mjs';
import { PodRun } from './pod-run.mjs';
import { missingImage } from './registry-lookup.mjs';

const CLAIM = 'testbed.mesh-upgrade.io/taken';
const PODS_OF_JOBS = `/api/v1/pods?labelSelector=${encodeURIComponent(
  'batch.kubernetes.io/job-name',
)}`;

class JobRunner {
  #context;
  #api;
  #runs = new Map();
  #busy = new Map();

  constructor(context) {
    this.#context = context;
    this.#api = new KubeApi(context.cluster);
  }

  findLog({ namespace, pod, container }) {
    for (const { run, metadata, containers } of this.#runs.values()) {
      if (
        metadata.namespace === namespace &&
        metadata.name === pod &&
        containers.includes(container)
      ) {
        return {
          file: run.logFile(container),
          isRunning: () => run.isRunning(),
        };
      }
    }
    return undefined;
  }

  /** Lists and watches until the process ends; every gap in the watch is closed by a new list. */
  async follow() {
    for (;;) {
      try {
        const list = await this.#api.get(PODS_OF_JOBS);
        for (const pod of list.items) this.#see(pod);
        const uids = new Set(list.items.map(({ metadata }) => metadata.uid));
        for (const uid of this.#runs.keys())
          if (!uids.has(uid)) this.#forget(uid);
        for await (const { type, object } of this.#api.watch(
          `${PODS_OF_JOBS}&watch=true&resourceVersion=${list.metadata.resourceVersion}`,
        )) {
          if (type === 'ERROR') break;
          if (type === 'DELETED') this.#forget(object.metadata.uid);
          else this.#see(object);
        }
      } catch (error) {
        process.stderr.write(
          `${new Date().toISOString()} watch: ${error.message}\n`,
        );
        await sleep(1000);
      }
    }
  }

  /** Hands the pod to the one task that deals with it; while that is at work only the newest state is kept. */
  #see(pod) {
    const { uid } = pod.metadata;
    const task = this.#busy.get(uid);
    if (task) {
      task.next = pod;
      if (pod.metadata.deletionTimestamp) this.#runs.get(uid)?.run.stop();
      return;
    }
    this.#busy.set(uid, {});
    this.#work(pod).finally(() => {
      const { next } = this.#busy.get(uid);
      this.#busy.delete(uid);
      if (next) this.#see(next);
    });
  }

  async #work(pod) {
    try {
      await this.#reconcile(pod);
    } catch (error) {
      if (error.status === 404) return;
      process.stderr.write(
        `${new Date().toISOString()} pod ${pod.metadata.namespace}/${
          pod.metadata.name
        }: ${error.message}\n`,
      );
    }
  }

  async #reconcile(pod) {
    if (pod.metadata.deletionTimestamp) return this.#delete(pod);
    if (pod.metadata.annotations?.[CLAIM])
      return this.#isFinished(pod) ? this.#runFor(pod) : this.#finish(pod);
    if (pod.status.phase !== 'Running') return undefined;
    if (!(await this.#isOurs(pod))) return this.#succeedWithoutRunning(pod);

    const missing = await this.#missingImages(pod);
    if (missing) return this.#patchStatus(pod, imagePullStatus(pod, missing));
    await this.#api.mergePatch(this.#path(pod), {
      metadata: { annotations: { [CLAIM]: pod.metadata.uid } },
    });
    return this.#execute(pod);
  }

  async #execute(pod) {
    const run = this.#runFor(pod);
    try {
      await run.start(this.#api);
    } catch (error) {
      const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
      const end = {
        exitCode: 128,
        reason: 'StartError',
        message: error.message,
        startedAt: at,
        finishedAt: at,
      };
      const exits = Object.fromEntries(
        pod.spec.containers.map(({ name }) => [name, end]),
      );
      return this.#patchStatus(pod, finishedStatus(pod, exits));
    }
    return this.#finish(pod);
  }

  /** Waits for commands that are running, also those an earlier runner started, and reports their end. */
  async #finish(pod) {
    const run = this.#runFor(pod);
    const seconds = pod.spec.activeDeadlineSeconds;
    const inTime = await run.wait(
      seconds ? Date.parse(pod.status.startTime) + seconds * 1000 : undefined,
    );
    if (!inTime) await run.stop();
    const deadline = {
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    };
    const status = finishedStatus(pod, run.exits(), inTime ? {} : deadline);
    return this.#patchStatus(
      pod,
      inTime ? status : { ...status, phase: 'Failed' },
    );
  }

  async #delete(pod) {
    if (pod.metadata.annotations?.[CLAIM] && !this.#isFinished(pod)) {
      const run = this.#runFor(pod);
      await run.stop();
      await this.#patchStatus(pod, {
        ...finishedStatus(pod, run.exits()),
        phase: 'Failed',
      });
    }
    await this.#api.delete(this.#path(pod), {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
      preconditions: { uid: pod.metadata.uid },
    });
  }

  #runFor(pod) {
    const { uid, namespace, name } = pod.metadata;
    if (!this.#runs.has(uid)) {
      const containers = pod.spec.containers.map(container => container.name);
      this.#runs.set(uid, {
        run: new PodRun(pod, this.#context),
        metadata: { namespace, name },
        containers,
      });
    }
    return this.#runs.get(uid).run;
  }

  #forget(uid) {
    const entry = this.#runs.get(uid);
    this.#runs.delete(uid);
    entry?.run.stop();
  }

  #isFinished({ status }) {
    return status.phase === 'Succeeded' || status.phase === 'Failed';
  }

  async #isOurs(pod) {
    if (pod.metadata.labels?.[MANAGED_BY] === PRODUCT) return true;
    const owner = pod.metadata.ownerReferences?.find(
      ({ kind }) => kind === 'Job',
    );
    if (!owner) return false;
    const job = await this.#api.get(
      `/apis/batch/v1/namespaces/${pod.metadata.namespace}/jobs/${owner.name}`,
    );
    return job.metadata.labels?.[MANAGED_BY] === PRODUCT;
  }

  #succeedWithoutRunning(pod) {
    const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const exits = Object.fromEntries(
      pod.spec.containers.map(({ name }) => [
        name,
        { exitCode: 0, startedAt: at, finishedAt: at },
      ]),
    );
    return this.#patchStatus(pod, finishedStatus(pod, exits));
  }

  async #missingImages(pod) {
    for (const { image } of pod.spec.containers) {
      const message = await missingImage(image, this.#context.registry);
      if (message) return message;
    }
    return undefined;
  }

  #path({ metadata }) {
    return `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
  }

  #patchStatus(pod, status) {
    return this.#api.mergePatch(`${this.#path(pod)}/status`, {
      metadata: { uid: pod.metadata.uid },
      status,
    });
  }
}

const context = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const runner = new JobRunner(context);
await serveLogs({
  port: context.port,
  certificate: readFileSync(context.certificate),
  key: readFileSync(context.key),
  findLog: request => runner.findLog(request),
});
await runner.follow();

// A kubelet for the pods of Jobs: `node job-runner.mjs CONFIGURATION` executes what Mesh Upgrade's Jobs ask for as
// processes of this machine, and serves their logs. Pods of other Jobs succeed without executing anything, unless they
// are annotated as endless.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  finishedStatus,
  imagePullStatus,
  isFinished,
  MANAGED_BY,
  PRODUCT,
  sameExits,
} from './job-pod.mjs';
import { KubeApi } from './kube-api.mjs';
import { serveLogs } from './pod-logs.mjs';
import { PodRun } from './pod-run.mjs';
import { missingImage } from './registry-lookup.mjs';

const RETRY_MS = 1000;
/** On pods of Jobs of others: they go on instead of succeeding at once. */
const ENDLESS = 'testbed.mesh-upgrade.io/endless';
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
        this.#report('watch', error);
        await sleep(RETRY_MS);
      }
    }
  }

  /** Hands the pod to the one task that deals with it; while that is at work only the newest state is kept. */
  #see(pod) {
    // A kubelet deals with the pods of a real node.
    if (pod.spec.nodeName && pod.spec.nodeName === this.#context.realNode)
      return;
    const { uid } = pod.metadata;
    const task = this.#busy.get(uid);
    if (task) {
      task.next = pod;
      if (pod.metadata.deletionTimestamp) this.#stop(this.#runs.get(uid)?.run);
      return;
    }
    this.#busy.set(uid, {});
    this.#work(pod).finally(() => {
      const { next } = this.#busy.get(uid);
      this.#busy.delete(uid);
      if (next) this.#see(next);
    });
  }

  /** Deals with the pod until that succeeds: a hiccup of the API server must not leave a Job without its end. */
  async #work(pod) {
    for (let current = pod; current; ) {
      try {
        await this.#reconcile(current);
        return;
      } catch (error) {
        this.#report(`pod ${this.#path(pod)}`, error);
        await sleep(RETRY_MS);
        current = await this.#read(pod).catch(() => current);
      }
    }
  }

  /** The pod as it is now; undefined when it is gone, also when another has taken its name. */
  async #read(pod) {
    try {
      const current = await this.#api.get(this.#path(pod));
      return current.metadata.uid === pod.metadata.uid ? current : undefined;
    } catch (error) {
      if (error.status === 404) return undefined;
      throw error;
    }
  }

  #report(what, error) {
    process.stderr.write(
      `${new Date().toISOString()} ${what}: ${error.message}\n`,
    );
  }

  #stop(run) {
    run?.stop().catch(error => this.#report('ending a command', error));
  }

  async #reconcile(pod) {
    if (pod.metadata.deletionTimestamp) return this.#delete(pod);
    if (pod.metadata.annotations?.[CLAIM])
      return isFinished(pod) ? this.#runFor(pod) : this.#finish(pod);
    if (pod.status.phase !== 'Running') return undefined;
    if (pod.metadata.annotations?.[ENDLESS]) return undefined;
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
      const exits = sameExits(pod, {
        exitCode: 128,
        reason: 'StartError',
        message: error.message,
      });
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
    if (pod.metadata.annotations?.[CLAIM] && !isFinished(pod)) {
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
    this.#stop(entry?.run);
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
    const exits = sameExits(pod, { exitCode: 0 });
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

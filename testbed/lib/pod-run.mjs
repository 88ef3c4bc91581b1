import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  commandLine,
  expandVariables,
  mountsOf,
  rewriteMountPaths,
  sameExits,
} from './job-pod.mjs';
import { kubeconfig } from './kubeconfig.mjs';
import { readEnvironment, writeVolumes } from './pod-volumes.mjs';
import { isSameProcess } from './process-identity.mjs';
import { startProcess, stopProcesses } from './processes.mjs';

const JOB_PROCESS = fileURLToPath(new URL('job-process.mjs', import.meta.url));
const TOKEN_SECONDS = 3600;

/** The commands of one pod as processes of this machine. All it knows is on disk, so a later runner can go on with it. */
export class PodRun {
  #pod;
  #context;
  #directory;
  #stopped = false;

  constructor(pod, context) {
    this.#pod = pod;
    this.#context = context;
    this.#directory = join(context.directory, pod.metadata.uid);
  }

  #file(container, kind) {
    return join(this.#directory, `${container}.${kind}`);
  }

  logFile(container) {
    const { namespace, name } = this.#pod.metadata;
    return join(this.#context.logs, namespace, `${name}_${container}.log`);
  }

  /** Starts every container's command with the rights of the pod's own service account. */
  async start(api) {
    const { namespace } = this.#pod.metadata;
    const volumes = join(this.#directory, 'volumes');
    const home = join(this.#directory, 'home');
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeVolumes(api, this.#pod, volumes);
    const kubeconfigFile = join(this.#directory, 'kubeconfig.json');
    const access = {
      ...this.#context.cluster,
      token: await this.#requestToken(api),
      namespace,
    };
    await writeFile(kubeconfigFile, JSON.stringify(kubeconfig([access])), {
      mode: 0o600,
    });

    for (const container of this.#pod.spec.containers) {
      const mounts = mountsOf(container, volumes);
      const podEnv = await readEnvironment(api, this.#pod, container);
      for (const [name, value] of Object.entries(podEnv))
        podEnv[name] = rewriteMountPaths(
          expandVariables(value, podEnv),
          mounts,
        );
      const programDirectories = [
        ...new Set(this.#context.programs.map(program => dirname(program))),
      ];
      const spec = {
        command: commandLine(container, {
          env: podEnv,
          mounts,
          programNames: this.#context.programs.map(program =>
            basename(program),
          ),
        }),
        cwd: container.workingDir
          ? rewriteMountPaths(container.workingDir, mounts)
          : home,
        env: {
          ...proxySettings(process.env),
          ...podEnv,
          PATH: [
            ...programDirectories,
            '/usr/local/bin',
            '/usr/bin',
            '/bin',
          ].join(delimiter),
          HOME: home,
          KUBECONFIG: kubeconfigFile,
        },
        log: this.logFile(container.name),
        exit: this.#file(container.name, 'exit'),
      };
      await this.#startContainer(container.name, spec);
    }
    // The pod may have been deleted while its commands were being prepared.
    if (this.#stopped) await this.stop();
  }

  async #startContainer(name, spec) {
    const specFile = this.#file(name, 'spec');
    await mkdir(dirname(spec.log), { recursive: true });
    await writeFile(specFile, JSON.stringify(spec), { mode: 0o600 });
    const record = startProcess({
      name: `job ${this.#pod.metadata.namespace}/${this.#pod.metadata.name}`,
      program: process.execPath,
      args: [JOB_PROCESS, specFile],
      log: this.#file(name, 'supervisor'),
    });
    // Written whole or not at all: `down` reads it while this runs.
    await writeFile(
      `${this.#file(name, 'process')}.new`,
      JSON.stringify(record),
    );
    await rename(
      `${this.#file(name, 'process')}.new`,
      this.#file(name, 'process'),
    );
  }

  async #requestToken(api) {
    const { namespace, name, uid } = this.#pod.metadata;
    const account = this.#pod.spec.serviceAccountName ?? 'default';
    const { status } = await api.post(
      `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
      {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {
          expirationSeconds: TOKEN_SECONDS,
          boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
        },
      },
    );
    return status.token;
  }

  #exit(container) {
    const file = this.#file(container, 'exit');
    return existsSync(file)
      ? JSON.parse(readFileSync(file, 'utf8'))
      : undefined;
  }

  #record(container) {
    const file = this.#file(container, 'process');
    return existsSync(file)
      ? JSON.parse(readFileSync(file, 'utf8'))
      : undefined;
  }

  #isContainerRunning(container) {
    if (this.#exit(container)) return false;
    const record = this.#record(container);
    return record !== undefined && isSameProcess(record);
  }

  isRunning() {
    return this.#pod.spec.containers.some(({ name }) =>
      this.#isContainerRunning(name),
    );
  }

  /** Waits for the end of all containers; `deadline` is a time in milliseconds. Says whether they ended in time. */
  async wait(deadline = Infinity) {
    while (this.isRunning()) {
      if (Date.now() >= deadline) return false;
      await sleep(200);
    }
    return true;
  }

  async stop() {
    this.#stopped = true;
    const records = this.#pod.spec.containers
      .map(({ name }) => this.#record(name))
      .filter(Boolean);
    await stopProcesses(records, { graceMs: 5000 });
  }

  /** How each container ended, by name. One without a record of its end was killed, or never ran. */
  exits() {
    const lost = sameExits(this.#pod, {
      exitCode: 137,
      reason: 'Error',
      message: 'killed, or lost when the job runner ended',
    });
    return Object.fromEntries(
      Object.entries(lost).map(([name, end]) => [
        name,
        this.#exit(name) ?? end,
      ]),
    );
  }
}

function proxySettings(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => /^(https?|no)_proxy$/i.test(name)),
  );
}

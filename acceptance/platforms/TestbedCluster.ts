import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { KubeApi } from '../../testbed/lib/kube-api.mjs';
import type { ClusterAccess, ClusterTools } from '../ClusterAccess';

const run = promisify(execFile);

/** A cluster as `testbed status --json` tells it. */
export interface TestbedClusterStatus {
  name: string;
  server: string;
  /** File of an administrator's kubeconfig. */
  kubeconfig: string;
  /** Where its pods reach the registry, when it has a node that runs any. */
  realNode: { registry: string } | null;
}

/** A cluster of the testbed, by its API server and by the programs of an administrator. */
export class TestbedCluster implements ClusterAccess {
  readonly name: string;
  readonly server: string;
  readonly caData: string;
  readonly tools: ClusterTools;
  readonly #api: KubeApi;

  /** @param programs - Files of `kubectl`, `istioctl` and `helm`. */
  static create(
    status: TestbedClusterStatus,
    programs: Record<keyof ClusterTools, string>,
    env: NodeJS.ProcessEnv,
  ): TestbedCluster {
    return new TestbedCluster(status, programs, env);
  }

  private constructor(
    { name, server, kubeconfig }: TestbedClusterStatus,
    programs: Record<keyof ClusterTools, string>,
    env: NodeJS.ProcessEnv,
  ) {
    this.name = name;
    this.server = server;
    const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
    this.caData = clusters[0].cluster['certificate-authority-data'];
    this.#api = new KubeApi({
      server,
      ca: Buffer.from(this.caData, 'base64').toString(),
      token: users[0].user.token,
    });
    const tool =
      (program: string) =>
      async (...args: string[]) =>
        (
          await run(program, args, {
            env: { ...env, KUBECONFIG: kubeconfig },
            maxBuffer: 64 * 1024 * 1024,
          })
        ).stdout;
    this.tools = {
      kubectl: tool(programs.kubectl),
      istioctl: tool(programs.istioctl),
      helm: tool(programs.helm),
    };
  }

  get<T>(path: string): Promise<T> {
    return this.#api.get(path);
  }

  text(path: string): Promise<string> {
    return this.#api.text('GET', path, {});
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.#api.post(path, body);
  }

  patch<T>(path: string, body: object): Promise<T> {
    return this.#api.mergePatch(path, body);
  }

  async delete(path: string): Promise<void> {
    await this.#api.delete(path, undefined);
  }

  close(): void {
    this.#api.close();
  }
}

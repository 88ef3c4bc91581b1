import { ResponseError } from '@backstage/errors';
import type { DiscoveryApi, FetchApi } from '@backstage/frontend-plugin-api';
import type {
  CheckProgress,
  CheckReport,
  ClusterView,
  LeftoverList,
  MeshView,
  RunEvent,
  RunPage,
  RunView,
  StartRunRequest,
  TargetVersions,
  UpgradePlan,
  UpgradeSubject,
  WorkloadDetail,
  WorkloadPage,
  WorkloadQuery,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  MeshUpgradeApi,
  RunQuery,
  WorkloadExportQuery,
} from './MeshUpgradeApi';
import { readJsonLines } from './readJsonLines';

type QueryValue = string | number | boolean | string[] | undefined;

/** Talks to the backend plugin over HTTP. @public */
export class MeshUpgradeClient implements MeshUpgradeApi {
  readonly #discoveryApi: DiscoveryApi;
  readonly #fetchApi: FetchApi;

  constructor(options: { discoveryApi: DiscoveryApi; fetchApi: FetchApi }) {
    this.#discoveryApi = options.discoveryApi;
    this.#fetchApi = options.fetchApi;
  }

  listClusters(): Promise<ClusterView[]> {
    return this.#list('/clusters');
  }

  listMeshes(): Promise<MeshView[]> {
    return this.#list('/meshes');
  }

  getMesh(id: string): Promise<MeshView> {
    return this.#request(path`/meshes/${id}`);
  }

  getTargetVersions(
    meshId: string,
    options: { preReleases?: boolean } = {},
  ): Promise<TargetVersions> {
    const { preReleases } = options;
    return this.#request(
      `${path`/meshes/${meshId}/versions`}${search({
        preReleases: preReleases || undefined,
      })}`,
    );
  }

  listLeftovers(meshId: string): Promise<LeftoverList> {
    return this.#request(path`/meshes/${meshId}/leftovers`);
  }

  listWorkloads(query: WorkloadQuery): Promise<WorkloadPage> {
    return this.#request(`/workloads${search({ ...query })}`);
  }

  async exportWorkloads(query: WorkloadExportQuery): Promise<Blob> {
    const response = await this.#fetch(`/workloads.csv${search({ ...query })}`);
    return response.blob();
  }

  getWorkload(id: string): Promise<WorkloadDetail> {
    return this.#request(
      `/workloads/${id.split('/').map(encodeURIComponent).join('/')}`,
    );
  }

  async check(
    subject: UpgradeSubject,
    options: {
      onProgress?(news: CheckProgress): void;
      signal?: AbortSignal;
    } = {},
  ): Promise<CheckReport> {
    const { onProgress, signal } = options;
    const response = await this.#fetch('/checks', subject, {
      headers: { Accept: 'application/x-ndjson' },
      signal,
    });
    for await (const news of readJsonLines<CheckProgress>(response)) {
      if (news.type === 'report') {
        return news.report;
      }
      if (news.type === 'error') {
        throw Object.assign(new Error(news.error.message), {
          name: news.error.name,
        });
      }
      onProgress?.(news);
    }
    throw new Error(
      'The answer ended before the check did. The connection may have been cut; recheck.',
    );
  }

  plan(subject: UpgradeSubject): Promise<UpgradePlan> {
    return this.#request('/plans', subject);
  }

  startRun(request: StartRunRequest): Promise<RunView> {
    return this.#request('/runs', request);
  }

  listRuns(query: RunQuery): Promise<RunPage> {
    return this.#request(`/runs${search({ ...query })}`);
  }

  getRun(id: string): Promise<RunView> {
    return this.#request(path`/runs/${id}`);
  }

  getRunPlan(id: string): Promise<UpgradePlan> {
    return this.#request(path`/runs/${id}/plan`);
  }

  listRunEvents(
    runId: string,
    options: { after?: number; limit?: number; output?: boolean } = {},
  ): Promise<RunEvent[]> {
    return this.#list(
      `${path`/runs/${runId}/events`}${search({ ...options })}`,
    );
  }

  stopRun(id: string): Promise<RunView> {
    return this.#request(path`/runs/${id}/stop`, {});
  }

  pauseRun(id: string): Promise<RunView> {
    return this.#request(path`/runs/${id}/pause`, {});
  }

  resumeRun(id: string): Promise<RunView> {
    return this.#request(path`/runs/${id}/resume`, {});
  }

  approveRun(id: string): Promise<RunView> {
    return this.#request(path`/runs/${id}/approve`, {});
  }

  rejectRun(id: string, options: { reason?: string } = {}): Promise<RunView> {
    return this.#request(path`/runs/${id}/reject`, options);
  }

  async #list<T>(target: string): Promise<T[]> {
    const { items } = await this.#request<{ items: T[] }>(target);
    return items;
  }

  /** A GET, or a POST when there is a body. */
  async #request<T>(target: string, body?: unknown): Promise<T> {
    const response = await this.#fetch(target, body);
    return response.json();
  }

  async #fetch(
    target: string,
    body?: unknown,
    options: { headers?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<Response> {
    const baseUrl = await this.#discoveryApi.getBaseUrl('mesh-upgrade');
    const response = await this.#fetchApi.fetch(
      `${baseUrl}${target}`,
      body === undefined
        ? undefined
        : {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', ...options.headers },
            body: JSON.stringify(body),
            signal: options.signal,
          },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}

function path(parts: TemplateStringsArray, ...values: string[]): string {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}

function search(query: Record<string, QueryValue>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== '') {
        params.append(key, String(one));
      }
    }
  }
  const text = params.toString();
  return text && `?${text}`;
}

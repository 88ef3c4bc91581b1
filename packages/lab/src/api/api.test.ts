import { readToken } from './auth';
import type { Status } from '../kubernetes/errors';
import type {
  ConfigMap,
  Deployment,
  KubeObject,
  Pod,
} from '../kubernetes/types';
import { startLab, type Lab } from '../startLab';
import { clientOf, eventually } from '../testing/labClient';

interface List {
  metadata: { resourceVersion: string; continue?: string };
  items: KubeObject[];
}

describe('the Kubernetes API', () => {
  let lab: Lab;
  let client: ReturnType<typeof clientOf>;
  beforeAll(async () => {
    lab = await startLab({ speed: 20 });
    client = clientOf(lab, 'prod-eu');
  });
  afterAll(() => lab.stop());
  afterEach(() => lab.knobs.replace({}));

  it('tells its version and kinds', async () => {
    const { body: version } = await client.get<{ gitVersion: string }>(
      '/version',
    );
    expect(version.gitVersion).toBe('v1.34.2');
    const { body: core } = await client.get<{
      resources: Array<{ name: string }>;
    }>('/api/v1');
    expect(core.resources.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['pods', 'pods/ephemeralcontainers', 'pods/log']),
    );
    const groups = async (cluster: string) =>
      (
        await clientOf(lab, cluster).get<{ groups: Array<{ name: string }> }>(
          '/apis',
        )
      ).body.groups.map(({ name }) => name);
    expect(await groups('prod-eu')).toContain('sailoperator.io');
    // A mesh installed by Helm knows nothing of the operator.
    expect(await groups('payments')).not.toContain('sailoperator.io');
  });

  it('lists in pages that show one state, by selectors', async () => {
    const { body: all } = await client.get<List>('/api/v1/pods');
    const { body: first } = await client.get<List>('/api/v1/pods?limit=5');
    await client.request('POST', '/api/v1/namespaces/default/pods', {
      metadata: { name: 'aaa-late' },
      spec: { containers: [{ name: 'app', image: 'app:1' }] },
    });
    const names = first.items.map(({ metadata }) => metadata.name);
    for (let token = first.metadata.continue; token; ) {
      const { body: next } = await client.get<List>(
        `/api/v1/pods?limit=20&continue=${token}`,
      );
      expect(next.metadata.resourceVersion).toBe(
        first.metadata.resourceVersion,
      );
      names.push(...next.items.map(({ metadata }) => metadata.name));
      token = next.metadata.continue;
    }
    expect(names).toEqual(all.items.map(({ metadata }) => metadata.name));
    // As in Kubernetes, items of built-in kinds do not repeat their kind.
    expect(all.items[0].kind).toBeUndefined();

    const namesOf = async (query: string) =>
      (await client.list(`/api/v1/pods?${query}`)).map(
        ({ metadata }) => metadata.name.split('-')[0],
      );
    expect(
      new Set(await namesOf('labelSelector=app in (cart,search),!statefulset')),
    ).toEqual(new Set(['cart', 'search']));
    expect(
      await namesOf(
        'fieldSelector=metadata.namespace=checkout,status.phase!=Running',
      ),
    ).toEqual(['cart']);
    const bad = await client.get<Status>(
      '/api/v1/pods?fieldSelector=spec.color=red',
    );
    expect(bad).toMatchObject({
      status: 400,
      body: { message: 'field label not supported: spec.color' },
    });
  });

  it('watches from a version with bookmarks, and says 410 for one that is too old', async () => {
    const { body: list } = await client.get<List>('/api/v1/configmaps');
    const path = '/api/v1/namespaces/default/configmaps';
    const create = (name: string, labels: Record<string, string>) =>
      client.request('POST', path, { metadata: { name, labels } });
    await create('seen', { color: 'red' });
    const watching = client.watch(
      `${path}?watch=1&labelSelector=color=red&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=${list.metadata.resourceVersion}`,
    );
    await create('unseen', { color: 'blue' });
    await client.patch(`${path}/seen`, { data: { a: '1' } });
    await client.patch(`${path}/seen`, {
      metadata: { labels: { color: 'blue' } },
    });
    const events = await watching;
    expect(
      events.map(({ type, object }) => [type, object.metadata.name]),
    ).toEqual([
      ['ADDED', 'seen'],
      ['MODIFIED', 'seen'],
      // It left the selection.
      ['DELETED', 'seen'],
      ['BOOKMARK', undefined],
    ]);
    const streamed = await client.watch(
      '/api/v1/nodes?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1',
    );
    expect(streamed.map(({ type }) => type)).toEqual([
      ...Array(4).fill('ADDED'),
      'BOOKMARK',
    ]);
    expect(streamed[4].object.metadata.annotations).toEqual({
      'k8s.io/initial-events-end': 'true',
    });
    const old = await client.watch(`${path}?watch=1&resourceVersion=5`);
    expect(old).toMatchObject([
      {
        type: 'ERROR',
        object: {
          kind: 'Status',
          code: 410,
          reason: 'Expired',
          message: expect.stringMatching(
            /^too old resource version: 5 \(\d+\)$/,
          ),
        },
      },
    ]);
  });

  it('patches in every form and guards against lost updates', async () => {
    const path = '/apis/apps/v1/namespaces/checkout/deployments/tax';
    const image = (deployment: Deployment) =>
      deployment.spec.template.spec.containers.map(each => each.image);
    const strategic = await client.patch<Deployment>(
      path,
      {
        spec: {
          template: {
            spec: { containers: [{ name: 'extra', image: 'extra:1' }] },
          },
        },
      },
      'strategic',
    );
    expect(image(strategic.body)).toEqual([
      'registry.example.com/pricing/tax:2.4.1',
      'extra:1',
    ]);
    const json = await client.patch<Deployment>(
      path,
      [{ op: 'remove', path: '/spec/template/spec/containers/1' }],
      'json',
    );
    expect(image(json.body)).toHaveLength(1);
    const merged = await client.patch<Deployment>(`${path}?dryRun=All`, {
      spec: { replicas: 7 },
    });
    expect(merged.body.spec.replicas).toBe(7);
    expect((await client.get<Deployment>(path)).body.spec.replicas).toBe(1);

    const stale = await client.patch<Status>(path, {
      metadata: { resourceVersion: '1' },
      spec: { replicas: 7 },
    });
    expect(stale).toMatchObject({
      status: 409,
      body: {
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on deployments.apps "tax": the object has been modified; please apply your changes to the latest version and try again',
      },
    });
    const applied = await client.patch<ConfigMap>(
      '/api/v1/namespaces/default/configmaps/applied?fieldManager=test',
      { metadata: { name: 'applied' }, data: { a: '1' } },
      'apply',
    );
    expect(applied.status).toBe(201);
    const custom = await client.patch<Status>(
      '/apis/sailoperator.io/v1/istios/default',
      {},
      'strategic',
    );
    expect(custom.status).toBe(415);
  });

  it('words its refusals as Kubernetes does', async () => {
    const anonymous = await clientOf(lab, 'prod-eu', 'wrong').get<Status>(
      '/api/v1/pods',
    );
    expect(anonymous).toMatchObject({
      status: 401,
      body: { kind: 'Status', reason: 'Unauthorized', code: 401 },
    });
    const reader = clientOf(lab, 'prod-eu', readToken('prod-eu'));
    expect((await reader.get('/api/v1/pods')).status).toBe(200);
    const denied = await reader.patch<Status>(
      '/apis/apps/v1/namespaces/checkout/deployments/tax',
      {},
    );
    expect(denied).toMatchObject({
      status: 403,
      body: {
        message:
          'deployments.apps "tax" is forbidden: User "lab-reader" cannot patch resource "deployments" in API group "apps" in the namespace "checkout"',
      },
    });
    const review = async (verb: string, resource: string) => {
      const { body } = await reader.request<{ status: object }>(
        'POST',
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        { spec: { resourceAttributes: { verb, resource } } },
      );
      return body.status;
    };
    expect(await review('list', 'pods')).toEqual({ allowed: true });
    expect(await review('patch', 'deployments')).toEqual({ allowed: false });
    const other = (by: typeof client, user: string) =>
      by.request<{ status: object }>(
        'POST',
        '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        {
          spec: {
            user,
            resourceAttributes: { verb: 'patch', resource: 'deployments' },
          },
        },
      );
    expect((await other(reader, 'ada')).status).toBe(403);
    expect((await other(client, 'ada')).body.status).toEqual({
      allowed: false,
    });
    expect(
      (await other(client, 'system:serviceaccount:mesh-upgrade:helm')).body
        .status,
    ).toEqual({ allowed: true });
    expect(
      await client.get<Status>('/apis/apps/v1/namespaces/x/deployments/y'),
    ).toMatchObject({
      status: 404,
      body: {
        message: 'deployments.apps "y" not found',
        details: { name: 'y', group: 'apps', kind: 'deployments' },
      },
    });
  });

  it('adds ephemeral containers only as Kubernetes allows', async () => {
    const [pod] = await client.list<Pod>(
      '/api/v1/namespaces/checkout/pods?labelSelector=app=shipping',
    );
    const path = `/api/v1/namespaces/checkout/pods/${pod.metadata.name}/ephemeralcontainers`;
    const add = (container: object) =>
      client.patch<Pod & Status>(
        path,
        { spec: { ephemeralContainers: [container] } },
        'strategic',
      );
    const refused = await add({
      name: 'istio-proxy',
      image: 'proxy:2',
      ports: [{ containerPort: 1 }],
      targetContainerName: 'nobody',
    });
    expect(refused.status).toBe(422);
    expect(refused.body.details?.causes).toEqual([
      {
        reason: 'FieldValueDuplicate',
        field: 'spec.ephemeralContainers[0].name',
        message: 'Duplicate value: "istio-proxy"',
      },
      {
        reason: 'FieldValueNotFound',
        field: 'spec.ephemeralContainers[0].targetContainerName',
        message: 'Not found: "nobody"',
      },
      {
        reason: 'FieldValueForbidden',
        field: 'spec.ephemeralContainers[0].ports',
        message: 'Forbidden: cannot be set for an Ephemeral Container',
      },
    ]);
    const added = await add({
      name: 'proxy-2',
      image: 'proxy:2',
      targetContainerName: 'istio-proxy',
    });
    expect(added.status).toBe(200);
    expect(added.body.metadata.generation).toBe(2);
    const changed = await add({ name: 'proxy-2', image: 'proxy:3' });
    expect(changed.body.details?.causes?.[0].message).toBe(
      'Forbidden: existing ephemeral containers "proxy-2" may not be changed\n',
    );
    const { body } = await eventually(
      () => client.get<Pod>(path.replace('/ephemeralcontainers', '')),
      answer => answer.body.status?.ephemeralContainerStatuses !== undefined,
    );
    expect(body.status?.ephemeralContainerStatuses).toMatchObject([
      { name: 'proxy-2', ready: false, state: { running: {} } },
    ]);
    // The rest of a pod's spec is fixed, but for images.
    const fixed = await client.patch<Status>(
      path.replace('/ephemeralcontainers', ''),
      { spec: { restartPolicy: 'Never' } },
    );
    expect(fixed.status).toBe(422);
  });
});

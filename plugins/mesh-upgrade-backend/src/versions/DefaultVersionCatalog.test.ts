import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import type { InstallMethod } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { aMesh, fakeClusters } from '../checks/__testUtils__/fakes';
import type { KubernetesClient } from '../clusters/types';
import { DefaultVersionCatalog } from './DefaultVersionCatalog';
import { readVersionsConfig } from './readVersionsConfig';
import { RegistryError } from './registry/RegistryError';
import { MemorySourceStore } from './sources/__testUtils__/MemorySourceStore';
import type { SourceStore } from './sources/types';

const shop = () => aMesh({ clusterNames: ['prod-eu'] });
const REGISTRY = 'docker.io/istio/pilot';
const OPERATOR = 'istios.sailoperator.io in prod-eu';

/** A mesh whose control planes are kept by an installer in each cluster. */
function installedBy(
  method: InstallMethod,
  image = 'docker.io/istio/pilot:1.29.4',
) {
  const mesh = shop();
  return {
    ...mesh,
    clusters: mesh.clusters.map(cluster => ({
      ...cluster,
      controlPlanes: [
        {
          cluster: cluster.cluster,
          namespace: 'istio-system',
          name: 'istiod',
          revision: 'default',
          image,
          desiredReplicas: 1,
          readyReplicas: 1,
          updatedReplicas: 1,
          install: { method, evidence: [] },
          problems: [],
        },
      ],
    })),
  };
}

describe('DefaultVersionCatalog', () => {
  const tags = jest.fn<Promise<string[]>, [string, object?]>();
  const image = jest.fn();
  const readDefinition = jest.fn();
  const onChange = jest.fn();

  beforeEach(() => {
    jest.resetAllMocks();
  });

  function create(
    options: {
      versions?: JsonObject;
      store?: SourceStore;
      meshes?: ReturnType<typeof shop>[];
      minAgeMs?: number;
    } = {},
  ) {
    const config = readVersionsConfig(
      new ConfigReader({ meshUpgrade: { versions: options.versions ?? {} } }),
    );
    return DefaultVersionCatalog.create({
      config,
      clusters: fakeClusters({
        'prod-eu': { get: readDefinition as KubernetesClient['get'] },
      }),
      reader: { tags, image },
      store: options.store ?? new MemorySourceStore(),
      matrix: config.matrix,
      meshes: async () => options.meshes ?? [],
      minAgeMs: options.minAgeMs,
      onChange,
    });
  }

  const installs = (...names: string[]) => ({
    spec: {
      versions: [
        {
          schema: {
            openAPIV3Schema: {
              properties: {
                spec: { properties: { version: { enum: names } } },
              },
            },
          },
        },
      ],
    },
  });

  it('asks the hubs of the control planes once and tells who holds what', async () => {
    tags.mockImplementation(async source => [
      `1.30.${source.length}`,
      '1.29.4',
    ]);
    const catalog = create();
    const mesh = {
      ...shop(),
      hubs: ['a.io/istio', 'b.io:5/istio', 'a.io/istio'],
    };

    const [known] = await Promise.all([
      catalog.tagsFor(mesh),
      catalog.tagsFor(mesh),
    ]);
    await catalog.tagsFor(mesh);

    expect(tags).toHaveBeenCalledTimes(2);
    expect(known.tags).toEqual(['1.30.16', '1.29.4', '1.30.18']);
    expect(known.sources).toEqual([
      {
        kind: 'registry',
        source: 'a.io/istio/pilot',
        seenAt: expect.any(String),
        tags: 2,
        ignoredTags: 0,
      },
      expect.objectContaining({ source: 'b.io:5/istio/pilot' }),
    ]);
    expect(known.sourcesOf('1.30.16')).toEqual(['a.io/istio/pilot']);
    expect(known.sourcesOf('1.29.4')).toHaveLength(2);
    expect(known.operators).toBeUndefined();
  });

  it('asks what is configured for all meshes or for one, and no registry on request', async () => {
    tags.mockResolvedValue(['1.30.3', 'latest', 'nightly']);
    const catalog = create({
      versions: {
        repositories: ['mirror.io/pilot'],
        static: ['1.29.9'],
        meshes: [
          { id: 'edge', repositories: ['edge.io/pilot'], static: ['1.28.6'] },
          { id: 'island', repositories: [] },
        ],
      },
    });
    const sourcesOf = async (id: string) =>
      (await catalog.tagsFor({ ...shop(), id })).sources.map(
        ({ kind, source, tags: count, ignoredTags }) => [
          kind,
          source,
          count,
          ignoredTags,
        ],
      );
    const all = ['static', 'configuration', 1, 0];
    await expect(sourcesOf('shop')).resolves.toEqual([
      ['registry', 'mirror.io/pilot', 3, 2],
      all,
    ]);
    await expect(sourcesOf('edge')).resolves.toEqual([
      ['registry', 'edge.io/pilot', 3, 2],
      all,
      ['static', 'configuration of mesh edge', 1, 0],
    ]);
    await expect(sourcesOf('island')).resolves.toEqual([all]);
    const island = await catalog.tagsFor({ ...shop(), id: 'island' });
    expect(island.tags).toEqual(['1.29.9']);
    expect(island.sources[0].seenAt).toEqual(expect.any(String));
  });

  it('keeps the last good answer with its age while one source fails and the others work', async () => {
    tags.mockResolvedValueOnce(['1.30.3']);
    readDefinition.mockResolvedValue(installs('v1.30.3', 'v1.30-latest'));
    const store = new MemorySourceStore();
    const mesh = installedBy('sail');
    const catalog = create({ store, meshes: [mesh] });
    const good = await catalog.tagsFor(mesh);
    expect(good.operators).toEqual([
      {
        cluster: 'prod-eu',
        installs: ['1.30.3', '1.30-latest'],
        retired: [],
      },
    ]);
    expect(good.sourcesOf('1.30.3')).toEqual([REGISTRY, OPERATOR]);

    tags.mockRejectedValueOnce(new Error('DENIED: no'));
    readDefinition.mockResolvedValue(installs('v1.30.3', 'v1.31.1'));
    await catalog.refresh({});
    const failing = await catalog.tagsFor(mesh);
    expect(failing.tags).toEqual(['1.30.3', '1.31.1']);
    expect(failing.sources).toEqual([
      { ...good.sources[0], error: 'DENIED: no' },
      expect.objectContaining({ kind: 'operator', tags: 2, ignoredTags: 0 }),
    ]);

    // The next start knows all that without asking.
    const restarted = create({ store });
    await expect(restarted.tagsFor(mesh)).resolves.toMatchObject({
      tags: failing.tags,
      sources: failing.sources,
    });
    expect(tags).toHaveBeenCalledTimes(2);

    tags.mockResolvedValueOnce(['1.31.1']);
    await catalog.refresh({});
    const recovered = await catalog.tagsFor(mesh);
    expect(recovered.sources[0].error).toBeUndefined();
  });

  it('does not let an operator that cannot be asked hide what the registry holds', async () => {
    tags.mockResolvedValue(['1.30.3']);
    readDefinition.mockRejectedValue(new Error('forbidden'));
    const known = await create().tagsFor(installedBy('openshift'));
    expect(known.tags).toEqual(['1.30.3']);
    expect(known.operators).toBeUndefined();
    expect(known.sources[1]).toMatchObject({
      kind: 'operator',
      source: OPERATOR,
      error: 'forbidden',
    });
  });

  it('answers a glance at once and asks in the background', async () => {
    let answer = (_: string[]) => {};
    tags.mockReturnValue(
      new Promise(resolve => {
        answer = resolve;
      }),
    );
    const catalog = create();
    const first = await catalog.knownTags(shop());
    expect(first.tags).toEqual([]);
    expect(first.sources[0].seenAt).toBeUndefined();

    answer(['1.30.3']);
    const asked = await catalog.tagsFor(shop());
    expect(asked.tags).toEqual(['1.30.3']);
    expect(tags).toHaveBeenCalledTimes(1);
    await expect(catalog.knownTags(shop())).resolves.toMatchObject({
      tags: ['1.30.3'],
    });
  });

  it('asks for every mesh in the background, and tells when it was answered', async () => {
    tags.mockResolvedValueOnce(['1.30.3']);
    const meshes = [shop()];
    const catalog = create({ meshes, minAgeMs: 60_000 });
    await catalog.refresh({});
    expect(onChange).toHaveBeenCalledTimes(1);
    await expect(catalog.knownTags(shop())).resolves.toMatchObject({
      tags: ['1.30.3'],
    });

    // Another mesh came; the source of the first is not due.
    tags.mockRejectedValueOnce(new Error('gone'));
    meshes.push({ ...shop(), id: 'new', hubs: ['new.io/istio'] });
    await catalog.refresh({});
    expect(tags.mock.calls.map(([source]) => source)).toEqual([
      REGISTRY,
      'new.io/istio/pilot',
    ]);
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  it('leaves alone who asked for it, and what another replica has just asked', async () => {
    const store = new MemorySourceStore();
    tags.mockRejectedValueOnce(
      new RegistryError({
        repository: REGISTRY,
        action: 'list tags',
        words: 'TOOMANYREQUESTS',
        status: 429,
        retryAfterMs: 60_000,
      }),
    );
    const catalog = create({ store, meshes: [shop()] });
    const { sources } = await catalog.tagsFor(shop());
    expect(sources[0]).toMatchObject({
      error: expect.stringContaining('TOOMANYREQUESTS (429)'),
      retryAt: expect.any(String),
    });
    await catalog.refresh({});
    expect(tags).toHaveBeenCalledTimes(1);

    await store.saveAnswer(REGISTRY, {
      answer: { tags: ['1.30.3'] },
      at: new Date(),
    });
    await create({ store, meshes: [shop()], minAgeMs: 60_000 }).refresh({});
    expect(tags).toHaveBeenCalledTimes(1);
    await create({ store, meshes: [shop()] }).refresh({});
    expect(tags).toHaveBeenCalledTimes(2);
  });

  it('does not blame a source for a question that was cancelled', async () => {
    tags.mockResolvedValueOnce(['1.30.3']);
    const catalog = create({ meshes: [shop()] });
    const before = await catalog.tagsFor(shop());
    tags.mockRejectedValueOnce(new Error('cancelled'));
    await catalog.refresh({ signal: AbortSignal.abort() });
    const after = await catalog.tagsFor(shop());
    expect(after.sources).toEqual(before.sources);
  });

  describe('with mirrors', () => {
    const versions = {
      mirrors: [
        { repository: 'docker.io/istio', address: 'm1.io/hub/istio' },
        { repository: 'index.docker.io/istio', address: 'm2.io/istio' },
        { repository: 'docker.io/ist', address: 'other.io' },
        { repository: 'docker.io', address: 'hub.io' },
      ],
    };

    it('asks them in their order, then the repository itself', async () => {
      tags.mockImplementation(async source => {
        if (source === 'm1.io/hub/istio/pilot') {
          throw new Error('m1 is down');
        }
        return ['1.30.3'];
      });
      const { sources } = await create({ versions }).tagsFor(shop());
      expect(sources).toEqual([
        {
          kind: 'registry',
          source: REGISTRY,
          seenAt: expect.any(String),
          tags: 1,
          ignoredTags: 0,
          mirror: 'm2.io/istio/pilot',
        },
      ]);
    });

    it('tells what each of them said when none answers', async () => {
      tags.mockImplementation(async source => {
        throw new Error(`${source} is down`);
      });
      const { sources } = await create({ versions }).tagsFor(shop());
      expect(sources[0].error).toBe(
        `Registry of ${REGISTRY}, ask its mirrors and itself: m1.io/hub/istio/pilot is down · m2.io/istio/pilot is down · hub.io/istio/pilot is down · ${REGISTRY} is down`,
      );
    });
  });

  describe('images of a version', () => {
    const present = {
      digest: 'sha256:1',
      platforms: ['linux/amd64'],
      labels: {},
    };

    it('are asked for where the control planes are from, in their variant', async () => {
      image.mockImplementation(async (repository: string) => {
        if (repository.endsWith('/ztunnel')) {
          throw new Error('DENIED: no');
        }
        return repository.endsWith('/install-cni') ? undefined : present;
      });
      const mesh = installedBy(
        'helm',
        'docker.io/istio/pilot:1.29.4-distroless',
      );
      const answers = await create().images(mesh, '1.30.3', {
        components: ['pilot', 'proxyv2', 'install-cni', 'ztunnel'],
      });
      expect(
        answers.map(({ image: name, state, reason }) => [name, state, reason]),
      ).toEqual([
        ['docker.io/istio/pilot:1.30.3-distroless', 'present', undefined],
        ['docker.io/istio/proxyv2:1.30.3-distroless', 'present', undefined],
        [
          'docker.io/istio/install-cni:1.30.3-distroless',
          'absent',
          'docker.io/istio/install-cni holds no 1.30.3-distroless',
        ],
        ['docker.io/istio/ztunnel:1.30.3-distroless', 'unknown', 'DENIED: no'],
      ]);
      expect(answers[0]).toMatchObject({
        ...present,
        source: 'docker.io/istio/pilot',
      });
      // Labels cost requests.
      expect(image.mock.calls.map(([, , options]) => options.labels)).toEqual([
        false,
        true,
        false,
        false,
      ]);
    });

    it('are unknown where no hub is, and refused for what is no version', async () => {
      const mesh = { ...shop(), hubs: [] };
      const question = { components: ['pilot'] as const };
      await expect(create().images(mesh, '1.30.3', question)).resolves.toEqual([
        expect.objectContaining({ component: 'pilot', state: 'unknown' }),
      ]);
      await expect(create().images(mesh, '../../x', question)).rejects.toThrow(
        "'../../x' is not a version of Istio",
      );
    });
  });
});

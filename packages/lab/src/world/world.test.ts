import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PODS, RESOURCES } from '../kubernetes/resources';
import { isActive, isReady } from '../kubernetes/pods';
import { Knobs } from '../knobs/Knobs';
import { RequestCounts } from '../knobs/RequestCounts';
import { clusterBlueprints } from './clusters';
import { COMPONENTS } from './components';
import { World, type WorldOptions } from './World';
import { CATALOG_DIRECTORY, catalogTexts } from './writeCatalog';

/** Everything in a world, but for versions, as one short text. */
function digestOf(world: World): string {
  const state = world.clusterNames.map(name =>
    RESOURCES.map(resource => world.cluster(name)!.store.list(resource)),
  );
  const text = JSON.stringify(state).replaceAll(/"resourceVersion":"\d+"/g, '');
  return createHash('sha256').update(text).digest('hex');
}

describe('the world', () => {
  const worlds: World[] = [];
  const create = (options: Partial<WorldOptions> = {}) => {
    const world = World.create({
      seed: 1,
      pods: 0,
      speed: 1,
      registry: 'registry.test',
      knobs: new Knobs(),
      requests: new RequestCounts(),
      ...options,
    });
    worlds.push(world);
    return world;
  };
  afterEach(() => worlds.splice(0).forEach(world => world.stop()));

  it('is decided by the seed', () => {
    const first = digestOf(create());
    expect(digestOf(create())).toBe(first);
    expect(digestOf(create({ seed: 2 }))).not.toBe(first);
  });

  it('comes back after a reset', () => {
    const world = create();
    const before = digestOf(world);
    const { store } = world.cluster('edge')!;
    for (const { metadata } of store.list(PODS)) {
      store.remove(PODS, metadata.namespace, metadata.name);
    }
    expect(digestOf(world)).not.toBe(before);
    world.reset();
    expect(digestOf(world)).toBe(before);
  });

  it('has the committed catalog, which knows every component that runs', async () => {
    const texts = catalogTexts();
    for (const [file, text] of Object.entries(texts)) {
      expect(await readFile(join(CATALOG_DIRECTORY, file), 'utf8')).toBe(text);
    }
    const known = COMPONENTS.map(({ name }) => name);
    const running = clusterBlueprints({ pods: 0 })
      .flatMap(({ workloads }) => workloads)
      .map(({ component }) => component)
      .filter(Boolean);
    expect(new Set(running)).toEqual(new Set(known));
    expect(running.length).toBeGreaterThanOrEqual(55);
  });

  it('starts at rest: every pod that should run is ready', () => {
    const world = create();
    for (const name of world.clusterNames) {
      const pods = world.cluster(name)!.store.list(PODS).filter(isActive);
      expect(pods.length).toBeGreaterThan(10);
      expect(pods.filter(pod => !isReady(pod))).toEqual([]);
    }
  });

  it('grows to as many clusters and pods as asked for', () => {
    const world = create({ clusters: 7, pods: 6000 });
    expect(world.clusterNames).toHaveLength(7);
    const pods = world.clusterNames.map(
      name => world.cluster(name)!.store.list(PODS).length,
    );
    expect(pods.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(5900);
  });
});

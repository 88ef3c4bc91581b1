import { RegistryVersionCatalog } from './RegistryVersionCatalog';

const shop = { id: 'shop', hubs: ['docker.io/istio'] };

describe('RegistryVersionCatalog', () => {
  const tags = jest.fn<Promise<string[]>, [string, object?]>();

  beforeEach(() => {
    tags.mockReset();
  });

  it('asks the hubs of the control planes once and answers from memory', async () => {
    tags.mockImplementation(async source => [`tag-of-${source}`, 'both']);
    const catalog = RegistryVersionCatalog.create({ reader: { tags } });
    const mesh = { id: 'm', hubs: ['a.io/istio', 'b.io/istio', 'a.io/istio'] };

    const [known] = await Promise.all([
      catalog.tagsFor(mesh),
      catalog.tagsFor(mesh),
    ]);
    await catalog.tagsFor(mesh);

    expect(tags).toHaveBeenCalledTimes(2);
    expect(known.tags).toEqual([
      'tag-of-a.io/istio/pilot',
      'both',
      'tag-of-b.io/istio/pilot',
    ]);
    expect(known.sources).toEqual([
      {
        source: 'a.io/istio/pilot',
        seenAt: expect.any(String),
        error: undefined,
      },
      {
        source: 'b.io/istio/pilot',
        seenAt: expect.any(String),
        error: undefined,
      },
    ]);
    await expect(catalog.tagsFor({ id: 'none', hubs: [] })).resolves.toEqual({
      tags: [],
      sources: [],
    });
  });

  it('asks the configured repositories instead, already when refreshed', async () => {
    tags.mockResolvedValue(['1.30.3']);
    const catalog = RegistryVersionCatalog.create({
      reader: { tags },
      repositories: ['mirror.io/pilot'],
    });
    await catalog.refresh({});
    await expect(catalog.tagsFor(shop)).resolves.toMatchObject({
      tags: ['1.30.3'],
      sources: [{ source: 'mirror.io/pilot' }],
    });
    expect(tags.mock.calls.map(([source]) => source)).toEqual([
      'mirror.io/pilot',
    ]);
  });

  it('keeps the last good answer with its age while a registry fails', async () => {
    tags.mockResolvedValueOnce(['1.30.3']);
    const catalog = RegistryVersionCatalog.create({ reader: { tags } });
    const good = await catalog.tagsFor(shop);

    tags.mockRejectedValueOnce(new Error('DENIED: no'));
    await catalog.refresh({});
    await expect(catalog.tagsFor(shop)).resolves.toEqual({
      tags: ['1.30.3'],
      sources: [{ ...good.sources[0], error: 'DENIED: no' }],
    });

    tags.mockResolvedValueOnce(['1.31.0']);
    await catalog.refresh({});
    const recovered = await catalog.tagsFor(shop);
    expect(recovered.tags).toEqual(['1.31.0']);
    expect(recovered.sources[0].error).toBeUndefined();
  });

  it('tells a first failure and asks again only when refreshed', async () => {
    tags.mockRejectedValue(new Error('ECONNREFUSED'));
    const catalog = RegistryVersionCatalog.create({ reader: { tags } });
    const view = {
      source: 'docker.io/istio/pilot',
      seenAt: undefined,
      error: 'ECONNREFUSED',
    };

    await expect(catalog.tagsFor(shop)).resolves.toEqual({
      tags: [],
      sources: [view],
    });
    await expect(catalog.tagsFor(shop)).resolves.toEqual({
      tags: [],
      sources: [view],
    });
    expect(tags).toHaveBeenCalledTimes(1);
  });

  it('does not blame a registry for a question that was cancelled', async () => {
    tags.mockResolvedValueOnce(['1.30.3']);
    const catalog = RegistryVersionCatalog.create({ reader: { tags } });
    const before = await catalog.tagsFor(shop);
    tags.mockRejectedValueOnce(new Error('cancelled'));
    await catalog.refresh({ signal: AbortSignal.abort() });
    await expect(catalog.tagsFor(shop)).resolves.toEqual(before);
  });
});

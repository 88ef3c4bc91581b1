import { startLab, type Lab } from '../startLab';

describe('the registry', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.stop());
  afterEach(() => lab.knobs.replace({}));

  /** Asks as a registry client does: on 401 it fetches the token it is told to. */
  async function ask(path: string, method = 'GET') {
    const refused = await fetch(`${lab.url}${path}`, { method });
    expect(refused.status).toBe(401);
    const challenge = refused.headers.get('www-authenticate')!;
    const [, realm, service, scope] =
      /^Bearer realm="([^"]+)",service="([^"]+)",scope="([^"]+)"$/.exec(
        challenge,
      )!;
    const { token } = await (
      await fetch(`${realm}?service=${service}&scope=${scope}`)
    ).json();
    return fetch(`${lab.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
  }

  it('lists tags in pages and in lexical order', async () => {
    const tags: string[] = [];
    let path: string | undefined = '/v2/istio/pilot/tags/list?n=4';
    while (path) {
      const response: Response = await ask(path);
      tags.push(...(await response.json()).tags);
      path = /^<([^>]+)>; rel="next"$/.exec(
        response.headers.get('link') ?? '',
      )?.[1];
    }
    expect(tags).toEqual([...tags].sort());
    expect(tags).toEqual(
      expect.arrayContaining([
        '1.29.2',
        '1.30.3',
        '1.30.3-distroless',
        '1.31.0-rc.0',
        '1.31.1',
        'latest',
      ]),
    );
    expect(tags.some(tag => tag.endsWith('-mspider'))).toBe(false);
    const none = await ask('/v2/istio/pilot/tags/list?n=0');
    expect((await none.json()).tags).toEqual([]);
  });

  it('shows which images exist, and for which platforms', async () => {
    const head = await ask(
      '/v2/mspider/proxyv2/manifests/1.30.3-mspider',
      'HEAD',
    );
    expect(head.status).toBe(200);
    const digest = head.headers.get('docker-content-digest');
    const byDigest = await ask(`/v2/mspider/proxyv2/manifests/${digest}`);
    const index = await byDigest.json();
    expect(
      index.manifests.map(
        (each: { platform: { architecture: string } }) =>
          each.platform.architecture,
      ),
    ).toEqual(['amd64', 'arm64']);
    const manifest = await (
      await ask(`/v2/mspider/proxyv2/manifests/${index.manifests[0].digest}`)
    ).json();
    const config = await ask(
      `/v2/mspider/proxyv2/blobs/${manifest.config.digest}`,
    );
    expect((await config.json()).architecture).toBe('amd64');
    const missing = await ask('/v2/istio/pilot/manifests/1.30.3-mspider');
    expect(missing.status).toBe(404);
    const unknown = await ask('/v2/istio/nothing/tags/list');
    expect((await unknown.json()).errors[0].code).toBe('NAME_UNKNOWN');
  });

  it('takes a token only for the repository it was made for', async () => {
    const { token } = await (
      await fetch(`${lab.url}/token?scope=repository:istio/proxyv2:pull`)
    ).json();
    const response = await fetch(`${lab.url}/v2/istio/pilot/tags/list`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(401);
  });

  const list = '/v2/istio/pilot/tags/list';
  const anonymous = { authentication: 'none' as const };

  it.each([
    [401, 'UNAUTHORIZED'],
    [403, 'DENIED'],
    [404, 'NAME_UNKNOWN'],
    [429, 'TOOMANYREQUESTS'],
    [500, 'UNKNOWN'],
    [503, 'UNAVAILABLE'],
  ])('fails with %s as its knobs say', async (status, code) => {
    lab.knobs.replace({ registry: { status, retryAfterSeconds: 7 } });
    const response = await fetch(`${lab.url}${list}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe('7');
    expect((await response.json()).errors[0].code).toBe(code);
  });

  it('is gone, or answers as something else, for some repositories', async () => {
    lab.knobs.replace({ registry: { down: true, repositories: ['istio/'] } });
    await expect(fetch(`${lab.url}${list}`)).rejects.toThrow();
    expect((await ask('/v2/mspider/pilot/tags/list')).status).toBe(200);
    lab.knobs.replace({ registry: { html: true } });
    const page = await fetch(`${lab.url}${list}`);
    expect(page.headers.get('content-type')).toBe('text/html');
    expect(page.status).toBe(200);
  });

  it('holds ten thousand tags in pages, which may lead in a circle', async () => {
    lab.knobs.replace({
      registry: { ...anonymous, extraTags: 10_000, tags: ['not a version'] },
    });
    const tags: string[] = [];
    let path: string | undefined = list;
    while (path) {
      const response: Response = await fetch(`${lab.url}${path}`);
      tags.push(...(await response.json()).tags);
      path = /^<([^>]+)>/.exec(response.headers.get('link') ?? '')?.[1];
    }
    expect(new Set(tags).size).toBe(tags.length);
    expect(tags.length).toBeGreaterThan(10_000);
    expect(tags).toContain('not a version');

    lab.knobs.replace({ registry: { ...anonymous, pagingLoop: true } });
    const first = await fetch(`${lab.url}${list}?n=3`);
    const next = /^<([^>]+)>/.exec(first.headers.get('link')!)![1];
    const second = await fetch(`${lab.url}${next}`);
    expect(await second.json()).toEqual(await first.json());
    expect(second.headers.get('link')).toContain(next);
  });

  it('asks for what its knobs say, and lacks images and platforms', async () => {
    lab.knobs.replace({ registry: { authentication: 'basic' } });
    const refused = await fetch(`${lab.url}${list}`);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Basic /);
    const authorization = `Basic ${Buffer.from('lab:lab').toString('base64')}`;
    const basic = await fetch(`${lab.url}${list}`, {
      headers: { authorization },
    });
    expect(basic.status).toBe(200);

    lab.knobs.replace({
      registry: {
        ...anonymous,
        missingImages: ['istio/ztunnel:1.30.3'],
        missingPlatforms: ['arm64'],
      },
    });
    const image = (name: string) =>
      fetch(`${lab.url}/v2/istio/${name}/manifests/1.30.3`);
    expect((await image('ztunnel')).status).toBe(404);
    const { manifests } = await (await image('pilot')).json();
    expect(
      manifests.map(
        (each: { platform: { architecture: string } }) =>
          each.platform.architecture,
      ),
    ).toEqual(['amd64']);
  });
});

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

  it('fails as its knobs say', async () => {
    lab.knobs.replace({ registry: { status: 503 } });
    expect((await fetch(`${lab.url}/v2/`)).status).toBe(503);
    lab.knobs.replace({ registry: { down: true } });
    await expect(fetch(`${lab.url}/v2/`)).rejects.toThrow();
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from './__testUtils__/createAuthority';
import { OciRegistryClient, type RegistryLimits } from './OciRegistryClient';
import {
  startRegistry,
  type TestRegistry,
} from './__testUtils__/startRegistry';

// Keys of certificates are made while other tests run.
jest.setTimeout(60_000);

const PASSWORD = 'hunter2-secret';

describe('OciRegistryClient', () => {
  let registry: TestRegistry;

  beforeAll(async () => {
    registry = await startRegistry();
  });

  afterAll(() => registry.stop());

  function list(
    options: { credentials?: boolean; limits?: Partial<RegistryLimits> } = {},
  ): Promise<string[]> {
    const client = OciRegistryClient.create({
      config: {
        insecureRegistries: [registry.host],
        credentials: options.credentials
          ? [{ registry: registry.host, username: 'ada', password: PASSWORD }]
          : [],
      },
      limits: options.limits,
    });
    return client.tags(`${registry.host}/istio/pilot`);
  }

  /** Serves `tags` in pages as the specification says, with or without `Link`. */
  function serve(
    tags: string[],
    options: { pageSize: number; link?: (last: string) => string },
  ) {
    registry.answer(url => {
      const start = tags.indexOf(url.searchParams.get('last') ?? '') + 1;
      const page = tags.slice(start, start + options.pageSize);
      const isLast = start + options.pageSize >= tags.length;
      return {
        body: { name: 'istio/pilot', tags: page },
        headers:
          options.link && !isLast
            ? { link: options.link(page[page.length - 1]) }
            : undefined,
      };
    });
  }

  describe('paging', () => {
    const tags = ['1.28.6', '1.29.4', '1.30.0', '1.30.3', '1.9.0'];

    it('reads a single page and an empty repository', async () => {
      serve(tags, { pageSize: 100 });
      await expect(list()).resolves.toEqual(tags);
      expect(registry.requests[0].url).toBe('/v2/istio/pilot/tags/list?n=1000');

      registry.answer(() => ({ body: { name: 'istio/pilot', tags: null } }));
      await expect(list()).resolves.toEqual([]);
    });

    it.each([
      [
        'relative',
        (last: string) =>
          `</v2/istio/pilot/tags/list?n=2&last=${last}>; rel="next"`,
      ],
      [
        'of a host behind a proxy',
        (last: string) =>
          `<http://internal:5000/v2/istio/pilot/tags/list?n=2&last=${last}>; rel=next`,
      ],
    ])('follows a Link that is %s', async (_, link) => {
      serve(tags, { pageSize: 2, link });
      await expect(list()).resolves.toEqual(tags);
      expect(registry.requests).toHaveLength(3);
    });

    it('goes on after the last tag where no Link is sent', async () => {
      serve(tags, { pageSize: 2 });
      await expect(list()).resolves.toEqual(tags);
      expect(registry.requests.map(({ url }) => url)).toContain(
        '/v2/istio/pilot/tags/list?n=1000&last=1.29.4',
      );
    });

    it('stops at a registry that ignores where to go on', async () => {
      registry.answer(() => ({ body: { tags } }));
      await expect(list()).resolves.toEqual(tags);
      expect(registry.requests).toHaveLength(2);
    });

    it('notices pages that go round in a circle or never end', async () => {
      registry.answer(() => ({
        body: { tags },
        headers: { link: '</v2/istio/pilot/tags/list?n=2&last=x>; rel="next"' },
      }));
      await expect(list()).rejects.toThrow(
        `Registry of ${registry.host}/istio/pilot, list tags: its pages go round in a circle`,
      );

      let page = 0;
      registry.answer(() => ({ body: { tags: [`1.0.${page++}`] } }));
      await expect(list({ limits: { pages: 5 } })).rejects.toThrow(
        'more than 5 pages of tags',
      );
      expect(registry.requests).toHaveLength(5);
    });
  });

  describe('authentication', () => {
    function serveToken(key: 'token' | 'access_token', needs?: string) {
      registry.answer((url, headers) => {
        if (url.pathname === '/token') {
          return needs && headers.authorization !== needs
            ? {
                status: 401,
                body: {
                  errors: [
                    { code: 'DENIED', message: `not ${headers.authorization}` },
                  ],
                },
              }
            : { body: { [key]: 'the-token', expires_in: 60 } };
        }
        return headers.authorization === 'Bearer the-token'
          ? { body: { tags: ['1.30.3'] } }
          : {
              status: 401,
              headers: {
                'www-authenticate': `Bearer realm="http://${registry.host}/token",service="lab, registry",scope="repository:istio/pilot:pull"`,
              },
            };
      });
    }
    const basic = `Basic ${Buffer.from(`ada:${PASSWORD}`).toString('base64')}`;

    it('fetches an anonymous token once and keeps it for the other pages', async () => {
      serveToken('token');
      await expect(list()).resolves.toEqual(['1.30.3']);
      expect(registry.requests.map(({ url }) => url.split('?')[0])).toEqual([
        '/v2/istio/pilot/tags/list',
        '/token',
        '/v2/istio/pilot/tags/list',
        '/v2/istio/pilot/tags/list',
      ]);
      const asked = new URL(registry.requests[1].url, 'http://x').searchParams;
      expect(asked.get('service')).toBe('lab, registry');
      expect(asked.get('scope')).toBe('repository:istio/pilot:pull');
      expect(registry.requests[1].authorization).toBeUndefined();
    });

    it('gives its credentials for a token', async () => {
      serveToken('access_token', basic);
      await expect(list({ credentials: true })).resolves.toEqual(['1.30.3']);
    });

    it('never repeats a secret that the registry repeats', async () => {
      serveToken('token', 'somebody else');
      const error = await list({ credentials: true }).catch(e => e);
      expect(error.message).toBe(
        `Registry of ${registry.host}/istio/pilot, ask for a token: DENIED: not Basic *** (401)`,
      );
    });

    it('gives its credentials directly where Basic is asked for', async () => {
      registry.answer((_, headers) =>
        headers.authorization === basic
          ? { body: { tags: ['1.30.3'] } }
          : { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } },
      );
      await expect(list({ credentials: true })).resolves.toEqual(['1.30.3']);
      await expect(list()).rejects.toThrow(
        'Unauthorized; no credentials are configured for it (401)',
      );
    });

    it('does not go where a challenge without an address would send it', async () => {
      registry.answer(() => ({
        status: 401,
        headers: { 'www-authenticate': 'Bearer service="x"' },
      }));
      await expect(list()).rejects.toThrow('the registry does not say where');
    });
  });

  describe('refusals', () => {
    it.each([
      [
        403,
        { errors: [{ code: 'DENIED', message: 'requested access is denied' }] },
        'DENIED: requested access is denied (403)',
      ],
      [404, { errors: [{ code: 'NAME_UNKNOWN' }] }, 'NAME_UNKNOWN (404)'],
      [
        429,
        { errors: [{ code: 'TOOMANYREQUESTS', message: 'slow down' }] },
        'TOOMANYREQUESTS: slow down; retry after 30 (429)',
      ],
      [500, '<html>oops</html>', 'Internal Server Error; retry after 30 (500)'],
    ])(
      "are told in the registry's own words: %s",
      async (status, body, words) => {
        registry.answer(() => ({
          status,
          body,
          headers: status >= 429 ? { 'retry-after': '30' } : undefined,
        }));
        await expect(list()).rejects.toMatchObject({
          name: 'RegistryError',
          status,
          message: `Registry of ${registry.host}/istio/pilot, list tags: ${words}`,
        });
      },
    );

    it.each([
      ['a web page', '<html>Sign in</html>', 'text/html'],
      ['junk', '{"tags": [1, 2]}', 'application/json'],
      ['half an answer', '{"tags": ["1.30', 'application/json'],
    ])('include %s instead of tags', async (_, body, type) => {
      registry.answer(() => ({ body, headers: { 'content-type': type } }));
      await expect(list()).rejects.toThrow(
        `the answer is no list of tags but ${type}`,
      );
    });

    it('include an answer that is too long, too late or not there', async () => {
      registry.answer(() => ({ body: { tags: ['x'.repeat(5000)] } }));
      await expect(list({ limits: { bodyBytes: 1000 } })).rejects.toThrow(
        'an answer of more than 1000 bytes',
      );
      registry.answer(() => 'hang');
      await expect(list({ limits: { requestTimeoutMs: 50 } })).rejects.toThrow(
        'no answer within 0.05 s',
      );
    });

    it('include a registry that is not there', async () => {
      const gone = await startRegistry();
      await gone.stop();
      const client = OciRegistryClient.create({
        config: { insecureRegistries: [gone.host], credentials: [] },
      });
      await expect(client.tags(`${gone.host}/istio/pilot`)).rejects.toThrow(
        `list tags: connect ECONNREFUSED ${gone.host}`,
      );
    });

    it('are waited for when the registry asks for a moment', async () => {
      let refusals = 0;
      registry.answer(() =>
        refusals++ === 0
          ? { status: 429, headers: { 'retry-after': '0' } }
          : { body: { tags: ['1.30.3'] } },
      );
      await expect(list()).resolves.toEqual(['1.30.3']);
      expect(registry.requests).toHaveLength(3);
    });

    it('tell how long the registry wants to be left alone', async () => {
      registry.answer(() => ({
        status: 429,
        headers: { 'retry-after': '3600' },
      }));
      await expect(list()).rejects.toMatchObject({ retryAfterMs: 3_600_000 });
      expect(registry.requests).toHaveLength(1);
    });

    it('speaks TLS unless told otherwise', async () => {
      registry.answer(() => ({ body: { tags: ['1.30.3'] } }));
      const client = OciRegistryClient.create({
        config: { insecureRegistries: [], credentials: [] },
      });
      await expect(client.tags(`${registry.host}/istio/pilot`)).rejects.toThrow(
        /it does not speak TLS \(ERR_SSL_\w+\); if that is meant, name it in meshUpgrade.versions.insecureRegistries$/,
      );
      expect(registry.requests).toEqual([]);
    });
  });

  describe('a registry whose certificate is from a private authority', () => {
    const authority = createAuthority('Lab CA');
    const other = createAuthority('Other CA');
    let secure: TestRegistry;
    let directory: string;

    beforeAll(async () => {
      secure = await startRegistry(authority.issue());
      secure.answer(() => ({ body: { tags: ['1.30.3'] } }));
      directory = await mkdtemp(join(tmpdir(), 'registry-ca-'));
    });

    afterAll(async () => {
      await secure.stop();
      await rm(directory, { recursive: true });
    });

    const listBy = (ca?: { caFile?: string; caData?: string }) =>
      OciRegistryClient.create({
        config: {
          insecureRegistries: [],
          credentials: [],
          certificateAuthorities: ca ? [{ registry: secure.host, ...ca }] : [],
        },
      }).tags(`${secure.host}/istio/pilot`);
    const base64 = (pem: string) => Buffer.from(pem).toString('base64');

    it('is read with that authority, from the file as it is now', async () => {
      await expect(listBy({ caData: base64(authority.ca) })).resolves.toEqual([
        '1.30.3',
      ]);

      const caFile = join(directory, 'ca.pem');
      await writeFile(caFile, other.ca);
      await expect(listBy({ caFile })).rejects.toThrow('certificate');
      await writeFile(caFile, authority.ca);
      await expect(listBy({ caFile })).resolves.toEqual(['1.30.3']);
    });

    it.each([
      ['none', undefined],
      ['another', { caData: base64(other.ca) }],
    ])('is not trusted with %s, and says what to do', async (_, ca) => {
      secure.requests.length = 0;
      await expect(listBy(ca)).rejects.toThrow(
        /list tags: unable to verify .*certificate.*; if the certificate is from an authority of your own, name it in meshUpgrade.versions.certificateAuthorities$/,
      );
      expect(secure.requests).toEqual([]);
    });

    it('names the file that cannot be read', async () => {
      const caFile = join(directory, 'missing.pem');
      await expect(listBy({ caFile })).rejects.toThrow(
        `Registry of ${secure.host}/istio/pilot, read its certificate authority: ENOENT: no such file or directory, open '${caFile}'`,
      );
    });
  });

  it('reads 10,000 tags in pages', async () => {
    const tags = Array.from({ length: 10_000 }, (_, i) => `1.30.${i}`);
    serve(tags, {
      pageSize: 1000,
      link: last =>
        `</v2/istio/pilot/tags/list?n=1000&last=${last}>; rel="next"`,
    });
    await expect(list()).resolves.toEqual(tags);
    expect(registry.requests).toHaveLength(10);
  });

  describe('images', () => {
    const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
    const INDEX = 'application/vnd.oci.image.index.v1+json';
    const image = (tag: string, labels = false) =>
      OciRegistryClient.create({
        config: { insecureRegistries: [registry.host], credentials: [] },
      }).image(`${registry.host}/istio/proxyv2`, tag, { labels });
    const config = {
      os: 'linux',
      architecture: 'amd64',
      config: { Labels: { 'io.github.mesh-upgrade.hot-upgrade': 'v1' } },
    };

    function hold(contents: Record<string, object>) {
      registry.answer(url => {
        const found = contents[url.pathname.replace('/v2/istio/proxyv2/', '')];
        return found
          ? {
              body: found,
              headers: {
                'content-type': 'manifests' in found ? INDEX : MANIFEST,
                'docker-content-digest': 'sha256:1234',
              },
            }
          : { status: 404, body: { errors: [{ code: 'MANIFEST_UNKNOWN' }] } };
      });
    }

    it('of several platforms tell these and, when asked, their labels', async () => {
      const platform = (architecture: string, variant?: string) => ({
        digest: `sha256:${architecture}`,
        platform: { os: 'linux', architecture, variant },
      });
      hold({
        'manifests/1.30.3': {
          manifests: [
            platform('arm64', 'v8'),
            platform('amd64'),
            platform('arm', 'v7'),
            {
              digest: 'sha256:attestation',
              platform: { os: 'unknown', architecture: 'unknown' },
            },
          ],
        },
        'manifests/sha256:arm64': { config: { digest: 'sha256:cfg' } },
        'blobs/sha256:cfg': config,
      });
      const platforms = ['linux/amd64', 'linux/arm/v7', 'linux/arm64'];
      await expect(image('1.30.3')).resolves.toEqual({
        digest: 'sha256:1234',
        platforms,
        labels: {},
      });
      expect(registry.requests).toHaveLength(1);
      expect(registry.requests[0].accept).toContain(INDEX);

      await expect(image('1.30.3', true)).resolves.toMatchObject({
        platforms,
        labels: config.config.Labels,
      });
    });

    it('of one platform tell it by their configuration', async () => {
      hold({
        'manifests/1.30.3': { config: { digest: 'sha256:cfg' } },
        'blobs/sha256:cfg': config,
      });
      await expect(image('1.30.3', true)).resolves.toEqual({
        digest: 'sha256:1234',
        platforms: ['linux/amd64'],
        labels: config.config.Labels,
      });
    });

    it('that are not there are none; a registry that does not say is a failure', async () => {
      hold({});
      await expect(image('1.30.3')).resolves.toBeUndefined();

      registry.answer(() => ({
        status: 403,
        body: { errors: [{ code: 'DENIED', message: 'no' }] },
      }));
      await expect(image('1.30.3')).rejects.toThrow(
        'read the manifest of 1.30.3: DENIED: no (403)',
      );
      registry.answer(() => ({ body: '<html>Sign in</html>' }));
      await expect(image('1.30.3')).rejects.toThrow(
        'the answer is no manifest of an image',
      );
    });
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { readClusters } from './config/readClusters';
import { DefaultClusterRegistry } from './DefaultClusterRegistry';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clusters-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function read(data: object) {
  return readClusters(mockServices.rootConfig({ data } as never));
}

const prod = {
  name: 'prod-eu',
  title: 'Production EU',
  url: 'https://api.prod-eu.example.com:6443/',
  mode: 'full',
  token: 'sesame',
};

async function writeKubeconfig(document: object): Promise<string> {
  const file = join(folder, 'kubeconfig');
  await writeFile(file, JSON.stringify(document));
  return file;
}

const kubeconfig = {
  clusters: [
    {
      name: 'one',
      cluster: {
        server: 'https://one.example.com',
        'insecure-skip-tls-verify': true,
        'tls-server-name': 'kubernetes',
        'proxy-url': 'http://proxy.example.com:3128',
      },
    },
    { name: 'broken', cluster: {} },
  ],
  users: [
    { name: 'robot', user: { token: 'sesame' } },
    { name: 'mounted', user: { tokenFile: 'token' } },
    { name: 'person', user: { exec: { command: 'aws' } } },
    { name: 'oidc', user: { 'auth-provider': { name: 'oidc', config: {} } } },
  ],
  contexts: [
    { name: 'team/one', context: { cluster: 'one', user: 'robot' } },
    { name: 'mounted', context: { cluster: 'one', user: 'mounted' } },
    { name: 'exec', context: { cluster: 'one', user: 'person' } },
    { name: 'login', context: { cluster: 'one', user: 'oidc' } },
    { name: 'no-server', context: { cluster: 'broken', user: 'robot' } },
    { name: 'no-user', context: { cluster: 'one', user: 'nobody' } },
  ],
};

describe('meshUpgrade.clusters', () => {
  it('reads what is right and explains what is wrong, cluster by cluster', async () => {
    const entries = await read({
      meshUpgrade: {
        clusters: [
          prod,
          { name: 'local', url: 'http://127.0.0.1:8001' },
          { name: 'no-token', url: 'https://api.example.com' },
          {
            name: 'no-file',
            url: 'https://a.example.com',
            tokenFile: join(folder, 'none'),
          },
          { ...prod, name: 'bad-mode', mode: 'admin' },
          { ...prod, name: 'bad-url', url: 'api.example.com' },
          { ...prod, name: 'bad-ca', caData: 'aGVsbG8=' },
          { ...prod, name: 'half', clientCertificate: 'x' },
          { ...prod, name: 'a/b' },
          'just text',
        ],
      },
    });
    expect(entries[0]).toEqual({
      name: 'prod-eu',
      title: 'Production EU',
      mode: 'full',
      origin: 'meshUpgrade.clusters[0]',
      settings: {
        url: 'https://api.prod-eu.example.com:6443',
        token: { value: 'sesame' },
      },
    });
    expect(entries[1]).toMatchObject({
      title: 'local',
      mode: 'read',
      settings: { url: 'http://127.0.0.1:8001' },
    });
    const problems = Object.fromEntries(
      entries.map(entry => [
        entry.name,
        'settings' in entry ? 'none' : entry.misconfiguration,
      ]),
    );
    expect(problems).toEqual({
      'prod-eu': 'none',
      local: 'none',
      'no-token': 'It has no credentials.',
      'no-file': expect.stringMatching(/cannot be read: ENOENT.*none/),
      'bad-mode': expect.stringMatching(/clusters\[4\] is wrong: mode: .*read/),
      'bad-url': expect.stringContaining("'api.example.com'"),
      'bad-ca': expect.stringContaining('certificates cannot be used'),
      half: expect.stringContaining('belong together'),
      'a-b': expect.stringContaining("name: must not contain '/'"),
      'meshUpgrade.clusters[9]': expect.stringContaining('expected object'),
    });
    for (const entry of entries) {
      expect('settings' in entry || entry.remedy).toBeTruthy();
    }
    expect(JSON.stringify(problems)).not.toContain('sesame');
  });

  it('uses neither of two clusters with one name and names both places', async () => {
    const [entry, ...others] = await read({
      meshUpgrade: {
        clusters: [prod, { ...prod, url: 'https://b.example.com' }],
      },
    });
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      name: 'prod-eu',
      misconfiguration:
        "Several clusters are called 'prod-eu': meshUpgrade.clusters[0] and meshUpgrade.clusters[1].",
    });
  });

  it.each([
    [{}, []],
    [{ meshUpgrade: {} }, []],
    [
      { meshUpgrade: { clusters: 'prod' } },
      ['meshUpgrade.clusters is not a list.'],
    ],
    [
      { meshUpgrade: 'prod' },
      [
        expect.stringMatching(/^meshUpgrade.clusters cannot be read: .*string/),
        expect.stringMatching(/^meshUpgrade.kubeconfig cannot be read: /),
      ],
    ],
  ])('never throws: %j', async (data, expected) => {
    const entries = await read(data);
    expect(
      entries.map(
        entry => 'misconfiguration' in entry && entry.misconfiguration,
      ),
    ).toEqual(expected);
  });
});

describe('meshUpgrade.kubeconfig', () => {
  it('makes a cluster of every context that needs neither a program nor a person', async () => {
    const file = await writeKubeconfig(kubeconfig);
    await writeFile(join(folder, 'token'), 'mounted');
    const entries = await read({
      meshUpgrade: { kubeconfig: [{ file, mode: 'restart' }] },
    });
    expect(entries[0]).toMatchObject({
      name: 'team-one',
      title: 'team/one',
      mode: 'restart',
      settings: {
        url: 'https://one.example.com',
        skipTLSVerify: true,
        serverName: 'kubernetes',
        proxyUrl: 'http://proxy.example.com:3128',
        token: { value: 'sesame' },
      },
    });
    expect(entries[1]).toMatchObject({
      name: 'mounted',
      settings: { token: { file: join(folder, 'token') } },
    });
    expect(
      entries
        .slice(2)
        .map(entry => [
          entry.name,
          'misconfiguration' in entry && entry.misconfiguration,
        ]),
    ).toEqual([
      ['exec', expect.stringContaining("running 'aws'")],
      ['login', expect.stringContaining("auth provider 'oidc'")],
      ['no-server', expect.stringContaining("cluster 'broken'")],
      ['no-user', expect.stringContaining("user 'nobody'")],
    ]);
  });

  it('takes only the contexts named and goes on after a wrong file or context', async () => {
    const file = await writeKubeconfig(kubeconfig);
    const noYaml = join(folder, 'no-yaml');
    await writeFile(noYaml, '{ "clusters": [');
    const missing = join(folder, 'missing');
    const entries = await read({
      meshUpgrade: {
        kubeconfig: [
          { file: missing, contexts: ['east', 'west'] },
          { file: missing },
          { file: noYaml },
          { file, contexts: ['gone', 'team/one'] },
          { contexts: ['x'] },
        ],
      },
    });
    expect(
      entries.map(entry => [
        entry.name,
        'settings' in entry ? 'none' : entry.misconfiguration,
      ]),
    ).toEqual([
      ['east', expect.stringContaining('ENOENT')],
      ['west', expect.stringContaining('ENOENT')],
      ['missing', expect.stringContaining('ENOENT')],
      ['no-yaml', expect.stringContaining('cannot be used')],
      ['gone', `${file} has no context 'gone'.`],
      ['team-one', 'none'],
      ['meshUpgrade.kubeconfig[4]', expect.stringContaining('file: ')],
    ]);
    expect(entries[4]).toMatchObject({
      remedy: expect.stringContaining("'team/one', 'mounted'"),
    });
  });
});

describe('kubernetes.clusterLocatorMethods', () => {
  const kubernetes = {
    clusterLocatorMethods: [
      { type: 'catalog' },
      {
        type: 'config',
        clusters: [
          {
            name: 'shared',
            url: 'https://shared.example.com',
            authProvider: 'serviceAccount',
            serviceAccountToken: 'sesame',
            skipTLSVerify: true,
          },
          {
            name: 'cloud',
            url: 'https://c.example.com',
            authProvider: 'google',
          },
        ],
      },
    ],
  };

  it('is what is looked at, and only looked at, when nothing of our own is configured', async () => {
    const entries = await read({ kubernetes });
    expect(entries).toEqual([
      {
        name: 'shared',
        title: 'shared',
        mode: 'read',
        origin: 'kubernetes.clusterLocatorMethods[1].clusters[0]',
        settings: {
          url: 'https://shared.example.com',
          skipTLSVerify: true,
          token: { value: 'sesame' },
        },
      },
      expect.objectContaining({
        name: 'cloud',
        misconfiguration: expect.stringContaining("'google'"),
      }),
    ]);
    const withOwn = await read({
      kubernetes,
      meshUpgrade: { clusters: [prod] },
    });
    expect(withOwn.map(({ name }) => name)).toEqual(['prod-eu']);
  });
});

describe('DefaultClusterRegistry', () => {
  it('gives clients to usable clusters and logs the others with the remedy', async () => {
    const logger = mockServices.logger.mock();
    const registry = await DefaultClusterRegistry.fromConfig(
      mockServices.rootConfig({
        data: {
          meshUpgrade: {
            clusters: [
              prod,
              { name: 'no-token', url: 'https://a.example.com' },
            ],
          },
        },
      }),
      { logger },
    );
    expect(registry.list().map(({ name }) => name)).toEqual([
      'prod-eu',
      'no-token',
    ]);
    expect(registry.get('prod-eu')?.client?.cluster).toBe('prod-eu');
    expect(registry.get('no-token')).toMatchObject({
      misconfiguration: 'It has no credentials.',
      remedy: expect.stringContaining('tokenFile'),
    });
    expect(registry.get('other')).toBeUndefined();
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining("Cluster 'no-token' is not used."),
    );
  });
});

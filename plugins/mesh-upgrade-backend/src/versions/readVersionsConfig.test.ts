import { ConfigReader } from '@backstage/config';
import type { JsonValue } from '@backstage/types';
import { BUILT_IN_MATRIX } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { readVersionsConfig } from './readVersionsConfig';

const read = (versions: JsonValue) =>
  readVersionsConfig(new ConfigReader({ meshUpgrade: { versions } }));

describe('readVersionsConfig', () => {
  it('has defaults for everything', () => {
    const defaults = {
      repositories: undefined,
      static: [],
      meshes: [],
      mirrors: [],
      insecureRegistries: [],
      certificateAuthorities: [],
      credentials: [],
      refreshInterval: { minutes: 10 },
      matrix: BUILT_IN_MATRIX,
      problems: [],
    };
    expect(readVersionsConfig(new ConfigReader({}))).toEqual(defaults);
    expect(read({})).toEqual(defaults);
  });

  it('reads every key', () => {
    const credentials = [
      { registry: 'Docker.io', username: 'ada', password: 'p' },
    ];
    const certificateAuthorities = [
      { registry: 'A.io', caFile: '/etc/ca.pem' },
      { registry: 'b.io:5000', caData: 'cGVt' },
    ];
    const mirrors = [
      { repository: 'docker.io/istio', address: 'mirror.io/hub/istio' },
    ];
    const meshes = [
      { id: 'shop', repositories: ['a.io/istio/pilot'] },
      { id: 'edge', static: ['1.30.3-mspider'] },
    ];
    const row = { istio: '1.31', kubernetes: { min: '1.32', max: '1.37' } };
    const config = read({
      repositories: ['127.0.0.1:7500/istio/pilot'],
      static: ['1.30.3'],
      meshes,
      mirrors,
      insecureRegistries: ['127.0.0.1:7500'],
      certificateAuthorities,
      credentials,
      refreshInterval: { seconds: 1 },
      supportMatrix: [row],
    });
    expect(config).toEqual({
      repositories: ['127.0.0.1:7500/istio/pilot'],
      static: ['1.30.3'],
      meshes: [
        { ...meshes[0], static: [] },
        { ...meshes[1], repositories: undefined },
      ],
      mirrors,
      insecureRegistries: ['127.0.0.1:7500'],
      certificateAuthorities: [
        { ...certificateAuthorities[0], registry: 'a.io' },
        certificateAuthorities[1],
      ],
      credentials: [{ ...credentials[0], registry: 'docker.io' }],
      refreshInterval: { seconds: 10 },
      matrix: expect.objectContaining({
        source: 'Istio: supported releases; 1 row by configuration',
        rows: expect.arrayContaining([expect.objectContaining(row)]),
      }),
      problems: [],
    });
  });

  it('tells "ask no registry" from a list of mistakes', () => {
    expect(read({ repositories: [] }).repositories).toEqual([]);
    expect(read({ repositories: ['?'] }).repositories).toBeUndefined();
  });

  it('keeps what is right, names what is wrong, tells no secret', () => {
    const config = read({
      repositories: ['https://docker.io/x', 'docker.io/istio/pilot'],
      insecureRegistries: 7,
      credentials: [
        { registry: 'a.io', password: 'secret-1' },
        { registry: 'b.io', username: 'ada', password: 'secret-2' },
      ],
      refreshInterval: 'often',
      static: ['latest', '1.30.3'],
      mirrors: [{ repository: 'docker.io/istio', address: 'https://m.io' }],
      certificateAuthorities: [{ registry: 'a.io' }],
      supportMatrix: [{ istio: '1.30' }],
    });
    expect(config).toMatchObject({
      repositories: ['docker.io/istio/pilot'],
      insecureRegistries: [],
      credentials: [{ registry: 'b.io' }],
      refreshInterval: { minutes: 10 },
      static: ['1.30.3'],
      mirrors: [],
      certificateAuthorities: [],
      matrix: { rows: BUILT_IN_MATRIX.rows },
    });
    expect(config.problems).toHaveLength(8);
    expect(config.problems).toContain(
      'certificateAuthorities: a.io needs either caFile or caData',
    );
    expect(config.problems[0]).toBe(config.matrix.problem);
    expect(config.problems.join()).not.toContain('secret');

    expect(read('nonsense').problems).toHaveLength(1);
  });
});

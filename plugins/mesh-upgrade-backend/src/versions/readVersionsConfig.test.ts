import { ConfigReader } from '@backstage/config';
import type { JsonValue } from '@backstage/types';
import { readVersionsConfig } from './readVersionsConfig';

const read = (versions: JsonValue) =>
  readVersionsConfig(new ConfigReader({ meshUpgrade: { versions } }));

describe('readVersionsConfig', () => {
  it('has defaults for everything', () => {
    const defaults = {
      repositories: undefined,
      insecureRegistries: [],
      credentials: [],
      refreshInterval: { minutes: 10 },
      problems: [],
    };
    expect(readVersionsConfig(new ConfigReader({}))).toEqual(defaults);
    expect(read({})).toEqual(defaults);
  });

  it('reads every key', () => {
    const credentials = [
      { registry: 'Docker.io', username: 'ada', password: 'p' },
    ];
    expect(
      read({
        repositories: ['127.0.0.1:7500/istio/pilot'],
        insecureRegistries: ['127.0.0.1:7500'],
        credentials,
        refreshInterval: { seconds: 1 },
      }),
    ).toEqual({
      repositories: ['127.0.0.1:7500/istio/pilot'],
      insecureRegistries: ['127.0.0.1:7500'],
      credentials: [{ ...credentials[0], registry: 'docker.io' }],
      refreshInterval: { seconds: 10 },
      problems: [],
    });
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
    });
    expect(config).toMatchObject({
      repositories: ['docker.io/istio/pilot'],
      insecureRegistries: [],
      credentials: [{ registry: 'b.io' }],
      refreshInterval: { minutes: 10 },
    });
    expect(config.problems).toHaveLength(4);
    expect(config.problems.join()).not.toContain('secret');

    expect(read('nonsense').problems).toHaveLength(1);
  });
});

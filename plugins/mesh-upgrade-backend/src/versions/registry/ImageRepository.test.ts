import { parseImageRepository } from './ImageRepository';

describe('parseImageRepository', () => {
  it.each([
    [
      'registry.istio.io/release/pilot',
      'registry.istio.io',
      'registry.istio.io',
      'release/pilot',
    ],
    [
      '127.0.0.1:7500/istio/pilot',
      '127.0.0.1:7500',
      '127.0.0.1:7500',
      'istio/pilot',
    ],
    ['localhost/pilot', 'localhost', 'localhost', 'pilot'],
    [
      'docker.io/istio/pilot',
      'docker.io',
      'registry-1.docker.io',
      'istio/pilot',
    ],
    [
      'index.docker.io/pilot',
      'docker.io',
      'registry-1.docker.io',
      'library/pilot',
    ],
    ['istio/pilot', 'docker.io', 'registry-1.docker.io', 'istio/pilot'],
    ['pilot', 'docker.io', 'registry-1.docker.io', 'library/pilot'],
  ])('reads %s', (source, registry, apiHost, name) => {
    expect(parseImageRepository(source)).toEqual({
      source,
      registry,
      apiHost,
      name,
    });
  });

  it.each([
    [''],
    ['https://docker.io/istio/pilot'],
    ['user:password@host.io/pilot'],
    ['host.io/'],
    ['host.io/a/../pilot'],
    ['host.io/Istio Pilot'],
  ])('refuses %p', source => {
    expect(() => parseImageRepository(source)).toThrow(
      'is not an image repository',
    );
  });
});

import fc from 'fast-check';
import { parseImage, versionOfImage } from './image';

describe('parseImage', () => {
  it('takes apart every reference it is built from', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(
        fc.option(fc.tuple(part, fc.integer({ min: 1, max: 65535 })), {
          nil: undefined,
        }),
        fc.array(part, { maxLength: 2 }),
        part,
        fc.option(fc.stringMatching(/^[0-9A-Za-z_][0-9A-Za-z._-]{0,12}$/), {
          nil: undefined,
        }),
        fc.option(fc.stringMatching(/^sha256:[0-9a-f]{8}$/), {
          nil: undefined,
        }),
        (registry, path, name, tag, digest) => {
          const hub = [...(registry ? [registry.join(':')] : []), ...path].join(
            '/',
          );
          const image = [
            hub && `${hub}/`,
            name,
            tag === undefined ? '' : `:${tag}`,
            digest === undefined ? '' : `@${digest}`,
          ].join('');
          expect(parseImage(image)).toEqual({ hub, name, tag, digest });
        },
      ),
    );
  });
});

describe('versionOfImage', () => {
  it.each([
    ['istio/pilot:1.30.3', '1.30.3'],
    ['istio/pilot:v1.30.3', '1.30.3'],
    ['istio/pilot:1.30.3-distroless', '1.30.3'],
    ['istio/pilot:1.30.3-mspider-debug', '1.30.3-mspider'],
    ['istio/pilot:1.31.0-rc.0', '1.31.0-rc.0'],
    ['istio/pilot:latest', undefined],
    ['istio/pilot:1.30', undefined],
    ['istio/pilot', undefined],
    [undefined, undefined],
  ])('%s is %s', (image, version) => {
    expect(versionOfImage(image)).toBe(version);
  });
});

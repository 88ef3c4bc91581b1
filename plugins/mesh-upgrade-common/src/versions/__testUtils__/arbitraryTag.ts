import fc from 'fast-check';

const numbers = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 26, max: 33 }),
);

/** Tags as registries hold them: releases mostly, and everything odd beside them. */
export const arbitraryTag = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', '', '', 'v'),
        fc.constantFrom(1, 1, 1, 1, 2),
        fc.integer({ min: 26, max: 33 }),
        fc.option(numbers, { freq: 9 }),
        fc.constantFrom('', '', '', '-rc.0', '-rc.10', '-alpha.01', '-beta'),
        fc.constantFrom(
          '',
          '',
          '',
          '-mspider',
          '-asm.2',
          '-asm.10',
          '-solo-fips',
        ),
        fc.constantFrom('', '', '', '-distroless', '-debug'),
      )
      .map(([v, major, minor, patch, ...suffixes]) =>
        [
          `${v}${major}.${minor}`,
          patch === null ? '' : `.${patch}`,
          ...suffixes,
        ].join(''),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('latest', 'stable', '1.30.3-1', 'sha256-00.sig'),
  },
  { weight: 1, arbitrary: fc.string() },
);

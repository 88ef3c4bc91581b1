import type { Registries } from '../../registries/startRegistries';

/** How often sources are asked; the shortest there is. */
const refreshInterval = { seconds: 10 };

/** Sources of the settings below, in their order. */
export function sourceNamesOf(registries: Registries): string[] {
  const { open, basic, anonymousToken, token, secure } = registries;
  return [open, basic, anonymousToken, token, secure].map(
    host => `${host}/istio/pilot`,
  );
}

/** The product reads every registry as it wants to be read, and has a matrix of its own. */
export function settingsOf(registries: Registries): object {
  const { basic, token, secure, reader, authority } = registries;
  return {
    meshUpgrade: {
      versions: {
        repositories: sourceNamesOf(registries),
        insecureRegistries: plainOnes(registries),
        credentials: [basic, token].map(registry => ({ registry, ...reader })),
        certificateAuthorities: [{ registry: secure, caFile: authority }],
        supportMatrix: [
          { istio: '1.31', kubernetes: { min: '1.30', max: '1.38' } },
          { istio: 1.3, endOfLife: '2027-01-31' },
        ],
        refreshInterval,
      },
    },
  };
}

/** The product lacks what each registry wants; one list goes on telling. */
export function troublesOf(
  registries: Registries,
  gone: string,
): { settings: object; expected: Record<string, RegExp> } {
  const { basic, anonymousToken, token, secure, reader } = registries;
  const expected = {
    [`${basic}/istio/pilot`]: /UNAUTHORIZED: .*\(401\)/,
    [`${token}/istio/pilot`]:
      /ask for a token: UNAUTHORIZED: who are you\? \(401\)/,
    [`${anonymousToken}/istio/nothing`]: /NAME_UNKNOWN: .*\(404\)/,
    [`${secure}/istio/pilot`]: /unable to verify .*certificateAuthorities/,
    [`${gone}/istio/pilot`]: /ECONNREFUSED/,
  };
  const settings = {
    meshUpgrade: {
      versions: {
        repositories: Object.keys(expected),
        static: ['1.30.3'],
        insecureRegistries: [...plainOnes(registries), gone],
        credentials: [
          { registry: token, username: reader.username, password: 'wrong' },
        ],
        certificateAuthorities: [
          { registry: secure, caFile: registries.otherAuthority },
        ],
        refreshInterval,
      },
    },
  };
  return { settings, expected };
}

function plainOnes({ open, basic, anonymousToken, token }: Registries) {
  return [open, basic, anonymousToken, token];
}

import { operatorVersions } from './operatorVersions';

function definition(version: object | undefined, extra: object[] = []) {
  const properties = version ? { version } : {};
  return {
    spec: {
      versions: [
        ...extra,
        {
          name: 'v1',
          storage: true,
          schema: {
            openAPIV3Schema: { properties: { spec: { properties } } },
          },
        },
      ],
    },
  };
}

describe('operatorVersions', () => {
  it('installs what the description lists and knows the rest by name only', () => {
    expect(
      operatorVersions(
        definition({
          description:
            'Defines the version of Istio to install.\nMust be one of: v1.30-latest, v1.30.3, v1.29.4, v1.31.0-rc.0.',
          enum: [
            ...['v1.30-latest', 'v1.30.3', 'v1.29.4', 'v1.27.8'],
            ...['v1.31.0-rc.0', 'master'],
          ],
        }),
      ),
    ).toEqual({
      tags: ['1.30-latest', '1.30.3', '1.29.4', '1.31.0-rc.0'],
      retired: ['1.27.8', 'master'],
    });
  });

  it.each([[undefined], ['Must be one of: the stars.']])(
    'takes the whole enum where the description is %p',
    description => {
      expect(
        operatorVersions(
          definition({ description, enum: ['v1.30.3', 'v1.29.4'] }),
        ),
      ).toEqual({ tags: ['1.30.3', '1.29.4'], retired: [] });
    },
  );

  it('reads the version of the kind that is stored', () => {
    const older = definition({ enum: ['v1.20.0'] }).spec.versions[0];
    expect(
      operatorVersions(
        definition({ enum: ['v1.30.3'] }, [
          { ...older, name: 'v1alpha1', storage: false },
          { name: 'v0', storage: false },
        ]),
      ).tags,
    ).toEqual(['1.30.3']);
  });

  it.each([[definition(undefined)], [{}], [undefined]])(
    'says when there is no list: %j',
    document => {
      expect(() => operatorVersions(document)).toThrow(
        'CustomResourceDefinition istios.sailoperator.io lists no versions in the enum of spec.version',
      );
    },
  );
});

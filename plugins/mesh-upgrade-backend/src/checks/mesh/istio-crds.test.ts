import { runOnCluster } from '../__testUtils__/runOnCluster';
import { ISTIO_KINDS } from '../configuration/istioKinds';
import type { CustomResourceDefinition } from '../configuration/resources';
import { istioCrds, judgeIstioCrds } from './istio-crds';

function definitionsOf(minor: number): CustomResourceDefinition[] {
  return ISTIO_KINDS.filter(({ since = 0 }) => since <= minor).map(
    ({ plural, group, kind, versions, reads }) => ({
      metadata: {
        name: `${plural}.${group}`,
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'istio-base' },
      },
      spec: {
        group,
        names: { plural, kind },
        versions: versions.map(name => ({
          name,
          served: true,
          storage: name === reads,
        })),
      },
      status: { storedVersions: [reads] },
    }),
  );
}

function judge(
  definitions: CustomResourceDefinition[],
  targetVersion = '1.30.3',
) {
  return judgeIstioCrds({
    cluster: 'prod-eu',
    targetVersion,
    byHelm: true,
    definitions,
  });
}

function changed(
  plural: string,
  change: (definition: CustomResourceDefinition) => void,
) {
  const definitions = structuredClone(definitionsOf(30));
  change(definitions.find(({ spec }) => spec.names.plural === plural)!);
  return definitions;
}

describe('istio-crds', () => {
  it('passes with the definitions of the target', async () => {
    expect(judge(definitionsOf(30))).toMatchObject([{ severity: 'passed' }]);
    expect(judge(definitionsOf(29), '1.29.4')).toMatchObject([
      { severity: 'passed' },
    ]);
  });

  it('blocks when objects may be stored in a version that the target does not have', () => {
    expect(
      judge(
        changed('virtualservices', definition => {
          definition.status!.storedVersions = ['v1alpha2', 'v1'];
        }),
      ),
    ).toMatchObject([
      {
        severity: 'blocker',
        evidence: { observed: 'status.storedVersions names v1alpha2' },
        objects: [{ name: 'virtualservices.networking.istio.io' }],
      },
    ]);
  });

  it('asks for consent when the version that istiod reads is not served', () => {
    expect(
      judge(
        changed('telemetries', definition => {
          definition.spec.versions.find(({ name }) => name === 'v1')!.served =
            false;
        }),
      ),
    ).toMatchObject([
      {
        severity: 'consent',
        title: 'Istio 1.30.3 reads Telemetry as v1, which is not served',
        evidence: { observed: 'Serves v1alpha1' },
      },
    ]);
  });

  it('tells kinds that are missing from kinds that the target brings', () => {
    expect(
      judge(
        definitionsOf(29).filter(
          ({ spec }) => spec.names.kind !== 'EnvoyFilter',
        ),
      ),
    ).toMatchObject([
      { severity: 'warning', evidence: { observed: 'Missing: EnvoyFilter' } },
      { severity: 'info', title: 'Istio 1.30.3 brings TrafficExtension' },
    ]);
  });

  it('warns of definitions that Helm would refuse to take over', () => {
    const definitions = changed('sidecars', definition => {
      definition.metadata.annotations = {};
    });
    expect(judge(definitions)).toMatchObject([
      {
        severity: 'warning',
        objectsTotal: 1,
        objects: [{ name: 'sidecars.networking.istio.io' }],
      },
    ]);
    expect(
      judgeIstioCrds({
        cluster: 'prod-eu',
        targetVersion: '1.30.3',
        byHelm: false,
        definitions,
      }),
    ).toMatchObject([{ severity: 'passed' }]);
  });

  it('reads the definitions of the cluster', async () => {
    expect(
      await runOnCluster(istioCrds(), {
        customresourcedefinitions: definitionsOf(30),
      }),
    ).toMatchObject([{ severity: 'passed' }]);
  });
});

import { aMesh } from '../__testUtils__/fakes';
import type { MeshCheckContext } from '../types';
import { returnRisks } from './return-risks';

function look(proxyVersions: { version: string; pods: number }[]) {
  const mesh = aMesh({ clusterNames: ['prod-eu'] });
  mesh.versions = ['1.29.4', '1.30.3'];
  mesh.proxyVersions = proxyVersions;
  return returnRisks().run({
    mesh,
    targetVersion: '1.29.4',
    returning: true,
  } as Partial<MeshCheckContext> as MeshCheckContext);
}

describe('return-risks', () => {
  it('is asked only when a run is taken back', () => {
    const subject = {
      mesh: aMesh({ clusterNames: ['prod-eu'] }),
      targetVersion: '1.30.3',
    };
    expect(returnRisks().applies?.(subject)).toBe(false);
    expect(returnRisks().applies?.({ ...subject, returning: true })).toBe(true);
  });

  it('asks for consent to newer definitions, and to newer proxies by number', async () => {
    await expect(
      look([
        { version: '1.29.4', pods: 9 },
        { version: '1.30.3', pods: 4 },
        { version: 'unknown', pods: 1 },
      ]),
    ).resolves.toMatchObject([
      {
        severity: 'consent',
        title: "Istio's custom resource definitions stay those of 1.30.3",
      },
      {
        severity: 'consent',
        title:
          'Sidecars and gateways newer than istiod 1.29.4 stay, which Istio does not support: 4 with 1.30.3, 1 with unknown',
      },
    ]);
    await expect(look([{ version: '1.29.4', pods: 9 }])).resolves.toHaveLength(
      1,
    );
  });
});

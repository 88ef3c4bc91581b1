import {
  anIstiodDeployment,
  clusterContext,
  has,
  meshWithIstiod,
} from '../__testUtils__/fakes';
import { gitOpsOwner } from './gitops-owner';

function look(
  method: 'sail' | 'helm' | 'flux',
  objects: Parameters<typeof has>[0],
) {
  return gitOpsOwner().run(
    clusterContext('prod-eu', {
      mesh: meshWithIstiod({ install: { method, evidence: [] } }),
      clusters: { 'prod-eu': has(objects) },
    }),
  );
}

const ARGO = { 'argocd.argoproj.io/tracking-id': 'mesh:apps/Deployment:x/y' };

describe('gitops-owner', () => {
  it('looks at the object that is changed: the Istio of the operator', async () => {
    const istio = (annotations: Record<string, string>) => ({
      metadata: { name: 'default', annotations },
      spec: {},
    });
    // The operator does not keep marks that its own objects never had.
    const deployments = [anIstiodDeployment()];
    await expect(
      look('sail', { deployments, istios: [istio({})] }),
    ).resolves.toMatchObject([
      { severity: 'passed', title: 'Nothing keeps Istio default in Git' },
    ]);
    await expect(
      look('sail', { deployments, istios: [istio(ARGO)] }),
    ).resolves.toMatchObject([
      {
        severity: 'blocker',
        title:
          'Argo CD application mesh keeps Istio default in Git and would undo the upgrade',
        evidence: {
          observed: 'argocd.argoproj.io/tracking-id=mesh:apps/Deployment:x/y',
        },
        remedy: expect.stringContaining('Set version 1.30.3 in Git'),
      },
    ]);
  });

  it('is content where the upgrade goes by way of the keeper', async () => {
    await expect(
      look('flux', {
        deployments: [
          anIstiodDeployment({
            metadata: { labels: { 'helm.toolkit.fluxcd.io/name': 'istiod' } },
          }),
        ],
      }),
    ).resolves.toMatchObject([
      {
        severity: 'info',
        title: expect.stringContaining('by way of Flux HelmRelease istiod'),
        remedy: expect.stringContaining('the run waits for it'),
      },
    ]);
  });

  it('looks at istiod itself where helm installed it', async () => {
    await expect(
      look('helm', { deployments: [anIstiodDeployment()] }),
    ).resolves.toMatchObject([{ severity: 'passed' }]);
    await expect(
      look('helm', {
        deployments: [
          anIstiodDeployment({
            metadata: { labels: { 'helm.toolkit.fluxcd.io/name': 'istiod' } },
          }),
        ],
      }),
    ).resolves.toMatchObject([
      {
        severity: 'blocker',
        title: expect.stringContaining('Flux HelmRelease istiod'),
      },
    ]);
  });
});

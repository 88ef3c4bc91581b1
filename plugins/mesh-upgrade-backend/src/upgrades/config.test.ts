import { mockServices } from '@backstage/backend-test-utils';
import { readUpgradeSettings } from './config';

function read(upgrades: object) {
  const problems: string[] = [];
  const settings = readUpgradeSettings(
    mockServices.rootConfig({
      data: { meshUpgrade: { upgrades } } as any,
    }),
    problem => problems.push(problem),
  );
  return { ...settings, problems };
}

describe('readUpgradeSettings', () => {
  it('knows where Jobs run without being told', () => {
    const { helm, istioctl, problems } = read({});
    expect(problems).toEqual([]);
    expect(helm).toMatchObject({
      namespace: 'mesh-upgrade',
      serviceAccount: 'mesh-upgrade-helm',
      chartRepository: 'oci://registry.istio.io/release/charts',
    });
    expect(istioctl).toMatchObject({
      serviceAccount: 'mesh-upgrade-istioctl',
      configurations: [],
    });
  });

  it('sends the Jobs of each program to its own nodes', () => {
    const nodeSelector = { 'node-role.kubernetes.io/infra': '' };
    const tolerations = [
      { key: 'dedicated', value: 'infra', effect: 'NoSchedule' },
    ];
    const { helm, istioctl } = read({
      helm: { nodeSelector, tolerations },
      istioctl: {},
    });
    expect(helm.placement).toEqual({ nodeSelector, tolerations });
    expect(istioctl.placement).toEqual({});
  });

  it('tells what is wrong, and makes no Job from the rest of the section', () => {
    const { helm, problems } = read({
      helm: { image: 'alpine/helm', tolerations: [{ effect: 'Never' }] },
    });
    expect(helm.image).toBeUndefined();
    expect(problems).toEqual([
      expect.stringMatching(
        /^meshUpgrade\.upgrades\.helm\.tolerations\.0\.effect: .*; what was installed with helm cannot be upgraded/,
      ),
    ]);
  });
});

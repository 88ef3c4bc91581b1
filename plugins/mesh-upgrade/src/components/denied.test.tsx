import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeApi, fixtures, renderPage } from '../__testUtils__';

// In a file of its own: answers about permissions are cached between the tests of a file.
const denied = [
  'mesh-upgrade.mesh.upgrade',
  'mesh-upgrade.workload.upgrade',
  'mesh-upgrade.run.control',
  'mesh-upgrade.run.approve',
];

describe('Without permissions', () => {
  it('names the one that upgrading a mesh needs', async () => {
    renderPage(fakeApi(), { denied });
    expect(
      await screen.findByLabelText(/permission mesh-upgrade.mesh.upgrade/),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Upgrade now' })).toBeDisabled();
  });

  it('does not let the wizard of a mesh begin', async () => {
    renderPage(fakeApi(), { address: '/meshes/shop/upgrade', denied });
    expect(
      await screen.findByLabelText(/permission mesh-upgrade.mesh.upgrade/),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Next' })).toBeDisabled();
  });

  it('tells whose workloads may not be upgraded', async () => {
    renderPage(fakeApi(), { address: '/sidecars', denied });
    await userEvent.click(
      await screen.findByRole('checkbox', {
        name: 'Select prod-eu/shop/Deployment/cart',
      }),
    );
    expect(
      await screen.findByLabelText(
        '1 selected workload belongs to component:default/cart; you need mesh-upgrade.workload.upgrade on it',
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Sidecar Upgrade' }),
    ).toBeDisabled();
  });

  it("does not let somebody else's run be stopped or paused", async () => {
    renderPage(fakeApi(), { address: '/runs/run-1', denied });
    expect(
      await screen.findAllByLabelText(
        /permission mesh-upgrade.run.control to control it/,
      ),
    ).toHaveLength(2);
    expect(screen.getByRole('button', { name: 'Disabled' })).toBeDisabled();
    expect(screen.getByRole('button', { name: 'Pause' })).toBeDisabled();
  });

  it('does not let a run be approved', async () => {
    const waitsFor = { kind: 'approval' as const, message: '' };
    renderPage(fakeApi({ getRun: async () => fixtures.run({ waitsFor }) }), {
      address: '/runs/run-1',
      denied,
    });
    expect(
      await screen.findAllByLabelText(/permission mesh-upgrade.run.approve/),
    ).toHaveLength(2);
    expect(screen.getByRole('button', { name: 'Approve' })).toBeDisabled();
  });
});

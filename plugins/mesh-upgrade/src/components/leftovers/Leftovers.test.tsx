import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeApi, fixtures, renderPage } from '../../__testUtils__';

const injector = fixtures.leftover();
const used = fixtures.leftover({
  id: 'prod-eu/Deployment/istio-system/istiod-1-28',
  kind: 'Deployment',
  namespace: 'istio-system',
  name: 'istiod-1-28',
  role: 'controlPlane',
  usedBy: ['3 workloads of namespace checkout'],
  obstacle: '3 workloads still get their configuration from it',
});

describe('Leftovers', () => {
  it('have a tab when there are any, with who uses each and nothing selected', async () => {
    const api = fakeApi({
      listLeftovers: async () => ({
        items: [injector, used],
        problems: [{ cluster: 'edge-2', message: 'connect ETIMEDOUT' }],
      }),
    });
    renderPage(api, { address: '/meshes/shop' });
    await userEvent.click(
      await screen.findByRole('tab', { name: 'Leftovers (2)' }),
    );
    const table = within(
      await screen.findByRole('table', { name: 'Leftovers' }),
    );
    expect(table.getByText('3 workloads of namespace checkout')).toBeVisible();
    expect(table.getByText('Refused while it is in use')).toBeVisible();
    expect(screen.getByText(/edge-2 is not known/)).toHaveTextContent(
      'connect ETIMEDOUT',
    );
    for (const box of table.getAllByRole('checkbox')) {
      expect(box).not.toBeChecked();
    }
    expect(
      table.getByRole('checkbox', { name: /istiod-1-28$/ }),
    ).toBeDisabled();
    expect(screen.getByRole('button', { name: 'Remove' })).toBeDisabled();

    await userEvent.click(
      table.getByRole('checkbox', {
        name: 'Select all that can be removed',
      }),
    );
    expect(
      screen.getByRole('button', { name: 'Remove 1 object' }),
    ).toHaveAttribute(
      'href',
      `/mesh-upgrade/meshes/shop/leftovers?${new URLSearchParams({
        leftover: injector.id,
      })}`,
    );
  });

  it('are looked for without a tab while there are none, and are not called none where a cluster is silent', async () => {
    const none = renderPage(fakeApi(), { address: '/meshes/shop' });
    await screen.findByRole('tab', { name: 'Upgrades' });
    expect(screen.queryByRole('tab', { name: /Leftovers/ })).toBeNull();
    none.unmount();

    renderPage(
      fakeApi({
        listLeftovers: async () => ({
          items: [],
          problems: [{ cluster: 'edge-2', message: 'connect ETIMEDOUT' }],
        }),
      }),
      { address: '/meshes/shop?tab=leftovers' },
    );
    expect(await screen.findByText(/edge-2 is not known/)).toBeVisible();
    expect(screen.queryByText('Nothing is left over')).toBeNull();
  });

  it('are removed after a check and a look at what goes', async () => {
    const api = fakeApi({
      plan: async () =>
        fixtures.plan({
          kind: 'leftovers',
          changes: [
            {
              cluster: 'prod-eu',
              object:
                'MutatingWebhookConfiguration istio-sidecar-injector-1-28',
              before: 'exists',
              after: 'removed',
              effect: 'Nobody uses it.',
              yaml: { before: 'kind: MutatingWebhookConfiguration\n' },
            },
          ],
        }),
      startRun: async () =>
        fixtures.run({
          kind: 'leftovers',
          steps: [fixtures.run().steps[0]],
        }),
    });
    const query = new URLSearchParams({ leftover: injector.id });
    renderPage(api, { address: `/meshes/shop/leftovers?${query}` });
    const subject = {
      kind: 'leftovers',
      meshId: 'shop',
      leftovers: [injector.id],
    };
    expect(await screen.findByText('Passed: 1 check')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(api.check).toHaveBeenCalledWith(subject, expect.anything());

    await userEvent.click(await screen.findByRole('button', { name: 'YAML' }));
    expect(
      screen.getByRole('region', { name: /^YAML of MutatingWebhook/ }),
    ).toHaveTextContent('−kind: MutatingWebhookConfiguration');
    await userEvent.click(
      screen.getByRole('button', { name: 'Remove 1 object' }),
    );
    expect(api.startRun).toHaveBeenCalledWith(
      expect.objectContaining({ ...subject, planHash: 'hash-1' }),
    );
    expect(screen.getByLabelText('address')).toHaveTextContent('run=run-1');
  });

  it('are never removed without a selection', async () => {
    renderPage(fakeApi(), { address: '/meshes/shop/leftovers' });
    expect(
      await screen.findByText('No leftover is selected'),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Leftovers' })).toHaveAttribute(
      'href',
      '/mesh-upgrade/meshes/shop?tab=leftovers',
    );
  });
});

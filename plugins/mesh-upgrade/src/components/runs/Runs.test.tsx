import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeApi, fixtures, renderPage } from '../../__testUtils__';

describe('Upgrades', () => {
  it('lists the running one first and leads to it', async () => {
    renderPage(
      fakeApi({
        listRuns: async ({ active }) => {
          const runs = [
            fixtures.run({
              id: 'done',
              state: 'succeeded',
              createdAt: '2026-02-01T00:00:00Z',
            }),
            fixtures.run({ id: 'busy' }),
          ];
          return active ? runs.slice(1) : runs;
        },
      }),
      { address: '/runs' },
    );
    const table = await screen.findByRole('table', { name: 'Upgrades' });
    const links = await within(table).findAllByRole('link', {
      name: /Upgrade of shop/,
    });
    expect(links.map(link => link.getAttribute('href'))).toEqual([
      '/mesh-upgrade/runs/busy',
      '/mesh-upgrade/runs/done',
    ]);
    expect(
      await screen.findByRole('tab', { name: 'Upgrades (1 running)' }),
    ).toBeInTheDocument();
  });

  it('says what stopping does before it stops', async () => {
    const api = fakeApi();
    api.stopRun.mockImplementation(async () => {
      const stopping = fixtures.run({ state: 'stopping' });
      api.getRun.mockResolvedValue(stopping);
      return stopping;
    });
    renderPage(api, { address: '/runs/run-1' });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Disabled' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('1 not started will be left alone.');
    expect(dialog).toHaveTextContent('1 is under way in Kubernetes');
    expect(dialog).toHaveTextContent('1 is done.');
    expect(api.stopRun).not.toHaveBeenCalled();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Start nothing more' }),
    );
    expect(api.stopRun).toHaveBeenCalledWith('run-1');
    expect(await screen.findByText('Stopping')).toBeInTheDocument();
  });

  it('pauses and resumes', async () => {
    const api = fakeApi();
    for (const [press, state] of [
      [api.pauseRun, 'paused'],
      [api.resumeRun, 'running'],
    ] as const) {
      press.mockImplementation(async () => {
        const changed = fixtures.run({ state });
        api.getRun.mockResolvedValue(changed);
        return changed;
      });
    }
    renderPage(api, { address: '/runs/run-1' });
    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    expect(await screen.findByText('Paused')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Resume' }));
    expect(await screen.findByRole('button', { name: 'Pause' })).toBeEnabled();
    expect(api.pauseRun).toHaveBeenCalledWith('run-1');
    expect(api.resumeRun).toHaveBeenCalledWith('run-1');
  });

  it('ends with what has come of it and the next step', async () => {
    renderPage(
      fakeApi({ getRun: async () => fixtures.run({ state: 'succeeded' }) }),
      { address: '/runs/run-1' },
    );
    expect(
      await screen.findByText(/Every control plane runs 1.30.3/),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'Next: the sidecars that are behind' }),
    ).toHaveAttribute('href', '/mesh-upgrade/sidecars?mesh=shop&outdated=true');
    expect(
      screen.queryByRole('button', { name: 'Disabled' }),
    ).not.toBeInTheDocument();
  });
});

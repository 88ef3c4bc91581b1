import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { RunEvent } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
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
          return { items: active ? runs.slice(1) : runs };
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

  it('ends with what has come of it and the next steps', async () => {
    const { sidecars } = fixtures.mesh();
    renderPage(
      fakeApi({
        getRun: async () => fixtures.run({ state: 'succeeded' }),
        getMesh: async () =>
          fixtures.mesh({ sidecars: { ...sidecars, outdatedWorkloads: 19 } }),
        listLeftovers: async () => ({
          items: [fixtures.leftover()],
          problems: [],
        }),
      }),
      { address: '/runs/run-1' },
    );
    expect(
      await screen.findByText(/Every control plane runs 1.30.3/),
    ).toBeInTheDocument();
    const next = await screen.findByText(
      /19 workloads still run an older sidecar/,
    );
    expect(
      within(next).getByRole('link', { name: 'Sidecar Upgrade' }),
    ).toHaveAttribute('href', '/mesh-upgrade/sidecars?mesh=shop&outdated=true');
    const left = await screen.findByText(/1 object of an earlier revision/);
    expect(within(left).getByRole('link', { name: 'Show' })).toHaveAttribute(
      'href',
      '/mesh-upgrade/meshes/shop?tab=leftovers',
    );
    expect(
      screen.queryByRole('button', { name: 'Disabled' }),
    ).not.toBeInTheDocument();
  });

  it('says for whom a run waits, and lets somebody else decide', async () => {
    const held = fixtures.run({
      state: 'waiting',
      startedAt: undefined,
      approval: {},
      waitsFor: { kind: 'approval', message: 'Meshes need two people' },
    });
    const api = fakeApi({ getRun: async () => held });
    api.approveRun.mockImplementation(async () => {
      api.getRun.mockResolvedValue(
        fixtures.run({
          approval: { decidedBy: 'user:default/finn', decision: 'approved' },
        }),
      );
      return fixtures.run();
    });
    renderPage(api, { address: '/runs/run-1' });
    expect(await screen.findByText('Meshes need two people')).toBeVisible();
    expect(screen.getAllByText('Waiting for an approval')).toHaveLength(2);
    await userEvent.click(screen.getByRole('button', { name: 'Approve' }));
    const dialog = await screen.findByRole('dialog');
    expect(api.approveRun).not.toHaveBeenCalled();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Approve' }),
    );
    expect(api.approveRun).toHaveBeenCalledWith('run-1');
    expect(await screen.findByText(/Approved by/)).toHaveTextContent('finn');
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
  });

  it('lets nobody approve what they started, and records why somebody rejects', async () => {
    const waitsFor = { kind: 'approval' as const, message: '' };
    const own = renderPage(
      fakeApi({
        getRun: async () =>
          fixtures.run({ startedBy: 'user:default/finn', waitsFor }),
      }),
      { address: '/runs/run-1' },
    );
    expect(
      await screen.findAllByLabelText(/You started it; somebody else/),
    ).toHaveLength(2);
    expect(screen.getByRole('button', { name: 'Approve' })).toBeDisabled();
    own.unmount();

    const api = fakeApi({ getRun: async () => fixtures.run({ waitsFor }) });
    renderPage(api, { address: '/runs/run-1' });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Reject' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.type(dialog.getByRole('textbox'), 'not today');
    await userEvent.click(dialog.getByRole('button', { name: 'Reject' }));
    expect(api.rejectRun).toHaveBeenCalledWith('run-1', {
      reason: 'not today',
    });
  });

  it('counts down to a window and tells a change elsewhere word by word', async () => {
    const at = new Date(Date.now() + 90 * 60_000).toISOString();
    const window = renderPage(
      fakeApi({
        getRun: async () =>
          fixtures.run({
            state: 'waiting',
            waitsFor: { kind: 'window', until: at, message: 'Window night' },
          }),
      }),
      { address: '/runs/run-1' },
    );
    expect(await screen.findByText(/^It opens/)).toHaveTextContent(
      /1 h (29|30) min/,
    );
    window.unmount();

    const command = 'az aks mesh upgrade start -n shop --revision asm-1-30';
    renderPage(
      fakeApi({
        getRun: async () =>
          fixtures.run({
            state: 'waiting',
            waitsFor: {
              kind: 'change',
              message: `Run this, then wait until the cluster shows 1.30.3\n${command}\nNow: istiod 1.29.4`,
            },
            driver: 'manual',
          }),
      }),
      { address: '/runs/run-1' },
    );
    expect(
      await screen.findByText(/wait until the cluster shows 1.30.3/),
    ).toBeVisible();
    expect(screen.getByText(command)).toBeVisible();
    expect(screen.getByText('Now: istiod 1.29.4')).toBeVisible();
    expect(
      screen.getByRole('button', { name: `Copy ${command}` }),
    ).toBeEnabled();
    expect(screen.queryByText(/change this mesh elsewhere/)).toBeNull();
  });

  it('shows the phases per cluster, what waits for which cluster, and how long it usually takes', async () => {
    const [first, second, third] = fixtures.run().steps;
    renderPage(
      fakeApi({
        getRun: async () =>
          fixtures.run({
            usualSeconds: 360,
            steps: [
              { ...first, usualSeconds: 45 },
              {
                ...second,
                cluster: 'prod-eu',
                progress: { done: 14, total: 20 },
              },
              { ...third, id: 's4', phase: 'upgrade', cluster: 'prod-us' },
              third,
            ],
          }),
      }),
      { address: '/runs/run-1' },
    );
    expect(await screen.findByText(/usually 6 min 0 s/)).toBeInTheDocument();
    const phase = screen.getByRole('region', { name: 'Upgrade' });
    expect(within(phase).getByText('14/20')).toBeInTheDocument();
    expect(within(phase).getByText('istiod 14/20')).toBeInTheDocument();
    expect(within(phase).queryByText('Version is 1.30.3')).toBeNull();
    await userEvent.click(
      within(phase).getAllByRole('button', { name: 'Steps' })[0],
    );
    expect(within(phase).getByText('Version is 1.30.3')).toBeVisible();
    expect(within(phase).getByText(/usually 45 s/)).toBeInTheDocument();
    expect(within(phase).getByText('Waits for prod-eu')).toBeInTheDocument();
  });

  it('leads from a failed run to its rest and back to the former version', async () => {
    const steps = fixtures.run().steps;
    const mesh = renderPage(
      fakeApi({
        getRun: async () =>
          fixtures.run({
            state: 'failed',
            message: '1 of 3 failed. prod-us, istiod: ImagePullBackOff',
            steps: [
              steps[0],
              { ...steps[1], state: 'failed', message: 'ImagePullBackOff' },
              {
                ...steps[2],
                state: 'skipped',
                message: 'Not started, because another step failed',
              },
            ],
            returnTo: '1.29.4',
          }),
      }),
      { address: '/runs/run-1' },
    );
    expect(
      await screen.findByText('prod-us, istiod: ImagePullBackOff'),
    ).toBeVisible();
    expect(screen.queryByText(/Not started, because/)).toBeNull();
    expect(
      screen.getByRole('button', { name: 'Retry what failed' }),
    ).toHaveAttribute(
      'href',
      '/mesh-upgrade/meshes/shop/upgrade?step=environment&version=1.30.3&retryOf=run-1',
    );
    expect(
      screen.getByRole('button', { name: 'Return to 1.29.4' }),
    ).toHaveAttribute(
      'href',
      '/mesh-upgrade/meshes/shop/upgrade?step=environment&version=1.29.4&returnOf=run-1',
    );
    mesh.unmount();

    renderPage(
      fakeApi({
        getRun: async () =>
          fixtures.run({
            kind: 'sidecars',
            state: 'stopped',
            steps: [
              { ...steps[0], workload: 'a/b/Deployment/done' },
              {
                ...steps[2],
                state: 'skipped',
                workload: 'a/b/Deployment/left',
              },
            ],
          }),
      }),
      { address: '/runs/run-1' },
    );
    expect(
      await screen.findByRole('button', { name: 'Do the rest' }),
    ).toHaveAttribute(
      'href',
      '/mesh-upgrade/sidecars/upgrade?workload=a%2Fb%2FDeployment%2Fleft&retryOf=run-1',
    );
  });

  it('says of a rejected run that nothing was changed', async () => {
    renderPage(
      fakeApi({
        getRun: async () =>
          fixtures.run({
            state: 'stopped',
            approval: { decidedBy: 'user:default/gil', decision: 'rejected' },
          }),
      }),
      { address: '/runs/run-1' },
    );
    expect(await screen.findByText('Rejected')).toBeInTheDocument();
    expect(
      screen.getByText('It was not approved. Nothing was changed.'),
    ).toBeInTheDocument();
  });

  it('filters the events, shows raw output on demand and saves all of it', async () => {
    const event = (id: number, more: Partial<RunEvent>): RunEvent => ({
      id,
      runId: 'run-1',
      at: '2026-01-01T01:12:44Z',
      level: 'info',
      message: `event ${id}`,
      ...more,
    });
    const events = [
      event(1, { stepId: 's1' }),
      event(2, { stepId: 's2', level: 'warning', message: 'not ready' }),
      event(3, { stepId: 's2', output: true, message: 'helm: done' }),
      event(4, { level: 'warning', message: 'istiod was edited' }),
    ];
    const save = jest.fn();
    URL.createObjectURL = save.mockReturnValue('blob:x');
    URL.revokeObjectURL = jest.fn();
    const api = fakeApi({
      listRunEvents: async (_id, { after = 0, output } = {}) =>
        events.filter(
          one => one.id > after && (output !== false || !one.output),
        ),
    });
    renderPage(api, { address: '/runs/run-1' });
    const log = within(await screen.findByRole('log'));
    expect(await log.findByText('event 1')).toBeVisible();
    expect(log.queryByText('helm: done')).toBeNull();
    const alert = screen
      .getByText('Unexpected during this upgrade')
      .closest('[role=alert]');
    expect(alert).toHaveTextContent('istiod was edited');

    await userEvent.click(screen.getByRole('checkbox', { name: 'Raw output' }));
    expect(await log.findByText('helm: done')).toBeVisible();
    expect(screen.getByLabelText('address')).toHaveTextContent('output=true');

    await userEvent.click(screen.getByRole('button', { name: 'Cluster' }));
    await userEvent.click(screen.getByRole('option', { name: 'prod-us' }));
    expect(log.queryByText('event 1')).toBeNull();
    expect(log.getByText('not ready')).toBeVisible();

    await userEvent.click(screen.getByRole('button', { name: 'Importance' }));
    await userEvent.click(screen.getByRole('option', { name: 'Errors' }));
    expect(log.getByText('No event matches the filters')).toBeVisible();

    await userEvent.click(screen.getByRole('button', { name: 'Download' }));
    await waitFor(() => expect(save).toHaveBeenCalled());
    expect(save.mock.calls[0][0].size).toBeGreaterThan(100);
  });

  it('opens the plan of a run with the lines that it changed', async () => {
    const [change] = fixtures.plan().changes;
    renderPage(
      fakeApi({
        getRunPlan: async () =>
          fixtures.plan({
            changes: [
              {
                ...change,
                yaml: {
                  before: 'spec:\n  version: v1.29.4\n',
                  after: 'spec:\n  version: v1.30.3\n',
                },
              },
            ],
            steps: [
              {
                phase: 'upgrade',
                title: 'Istio default',
                cluster: 'prod-eu',
                usualSeconds: 40,
              },
            ],
            usualSeconds: 100,
          }),
      }),
      { address: '/runs/run-1' },
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'plan 7f3a9c01' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.click(await dialog.findByRole('button', { name: 'YAML' }));
    const yaml = dialog.getByRole('region', { name: 'YAML of Istio default' });
    expect(
      within(yaml)
        .getAllByRole('row')
        .map(row => row.textContent),
    ).toEqual(['11 spec:', '2−  version: v1.29.4', '2+  version: v1.30.3']);
    expect(dialog.getByText(/Usually done in 1 min 40 s/)).toBeInTheDocument();
    expect(
      dialog.getByRole('button', { name: 'Export as Markdown' }),
    ).toBeEnabled();
  });

  it('keeps the filters of the history in the address and follows the cursor', async () => {
    const api = fakeApi({
      listRuns: async ({ cursor, limit = 0 }) => ({
        items: Array.from({ length: Math.min(limit, 50) }, (_, index) =>
          fixtures.run({
            id: `${cursor ?? 'first'}-${index}`,
            state: 'failed',
          }),
        ),
        next: cursor ? undefined : 'second',
      }),
    });
    renderPage(api, { address: '/runs?state=failed&by=user:default/ada' });
    const table = await screen.findByRole('table', { name: 'Upgrades' });
    await waitFor(() =>
      expect(within(table).getAllByRole('row')).toHaveLength(51),
    );
    expect(api.listRuns).toHaveBeenCalledWith(
      expect.objectContaining({
        state: ['failed'],
        startedBy: 'user:default/ada',
        limit: 50,
      }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Load more' }));
    await waitFor(() =>
      expect(within(table).getAllByRole('row')).toHaveLength(101),
    );
    expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull();

    await userEvent.click(screen.getByRole('button', { name: 'Kind' }));
    await userEvent.click(
      screen.getByRole('option', { name: 'Sidecar upgrade' }),
    );
    expect(screen.getByLabelText('address')).toHaveTextContent('kind=sidecars');
    await waitFor(() =>
      expect(api.listRuns).toHaveBeenCalledWith(
        expect.objectContaining({ kind: ['sidecars'] }),
      ),
    );
    api.listRuns.mockResolvedValue({ items: [] });
    fireEvent.change(screen.getByLabelText('To day'), {
      target: { value: '2026-01-01' },
    });
    expect(
      await screen.findByText('No upgrade matches the filters'),
    ).toBeInTheDocument();
    const [until] = api.listRuns.mock.calls.flatMap(
      ([query]) => query.until ?? [],
    );
    expect(new Date(until).getTime()).toBe(new Date(2026, 0, 2).getTime());
  });
});

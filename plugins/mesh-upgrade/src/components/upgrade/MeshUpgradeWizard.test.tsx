import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { CheckReport } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  fakeApi,
  fixtures,
  renderPage,
  serverError,
} from '../../__testUtils__';

const report = (...findings: ReturnType<typeof fixtures.finding>[]) => ({
  checkedAt: '2026-01-01T00:00:00Z',
  findings,
  passed: findings.every(({ severity }) => severity === 'passed'),
  consents: [],
});

const tooLow = fixtures.finding({
  severity: 'blocker',
  cluster: 'prod-us',
  direction: 'tooLow',
  title: 'Kubernetes 1.31 is too old for Istio 1.30',
  remedy: 'Upgrade the cluster, then recheck.',
});

async function next() {
  await userEvent.click(await screen.findByRole('button', { name: 'Next' }));
}

describe('Mesh upgrade wizard', () => {
  it('walks from the version over the environment to the run', async () => {
    const api = fakeApi();
    api.check.mockResolvedValueOnce(report(tooLow, fixtures.finding()));
    renderPage(api, { address: '/meshes/shop/upgrade' });

    const recommended = await screen.findByRole('radio', {
      name: '1.30.3 (recommended)',
    });
    expect(recommended).toBeChecked();
    expect(screen.getByText('Kubernetes 1.32 to 1.36')).toBeInTheDocument();
    expect(
      screen.getByText(/no way back to a lower version/),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByText('1 version is not offered'));
    expect(screen.getByText('Of another family')).toBeVisible();
    expect(
      screen.getByText('1.30.3-mspider: It belongs to the family mspider.'),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('radio', { name: '1.30.2' }));
    await next();

    expect(
      await screen.findByText('Upgrade the cluster, then recheck.'),
    ).toBeVisible();
    const reason = 'Blocked by prod-us: solve it, then recheck';
    expect(screen.getByLabelText(reason)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Next' })).toBeDisabled();
    expect(screen.getByLabelText('address')).toHaveTextContent(
      'step=environment&version=1.30.2'.split('&')[0],
    );

    await userEvent.click(screen.getByRole('button', { name: 'Recheck' }));
    expect(await screen.findByText('Passed: 1 check')).toBeInTheDocument();
    expect(api.check).toHaveBeenLastCalledWith(
      { kind: 'mesh', meshId: 'shop', targetVersion: '1.30.2' },
      expect.anything(),
    );
    await next();

    const changes = await screen.findByRole('list', {
      name: 'Planned changes',
    });
    expect(within(changes).getByText('v1.29.4 → v1.30.3')).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Upgrade Shop to 1.30.2' }),
    );
    expect(api.startRun).toHaveBeenCalledWith({
      kind: 'mesh',
      meshId: 'shop',
      targetVersion: '1.30.2',
      planHash: 'hash-1',
      consents: [],
    });
    const phase = await screen.findByRole('region', { name: 'Upgrade' });
    expect(within(phase).getByText('prod-us')).toBeInTheDocument();
    expect(
      within(phase).getByText('1 of 2 replicas updated'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('region', { name: 'Health check' }),
    ).toBeInTheDocument();
    expect(screen.getByLabelText('address')).toHaveTextContent('run=run-1');
  });

  it('comes back to the run of the address, with its events', async () => {
    const api = fakeApi({
      listRunEvents: async () => [
        {
          id: 7,
          runId: 'run-9',
          at: '2026-01-01T01:12:44Z',
          level: 'info',
          message: 'pulled docker.io/istio/pilot:1.30.3',
        },
      ],
    });
    renderPage(api, { address: '/meshes/shop/upgrade?step=execute&run=run-9' });
    expect(
      await screen.findByText('pulled docker.io/istio/pilot:1.30.3'),
    ).toBeInTheDocument();
    expect(api.getRun).toHaveBeenCalledWith('run-9');
    await waitFor(
      () =>
        expect(api.listRunEvents).toHaveBeenLastCalledWith('run-9', {
          after: 7,
          limit: 500,
          output: false,
        }),
      { timeout: 4_000 },
    );
    expect(
      screen.getAllByText('pulled docker.io/istio/pilot:1.30.3'),
    ).toHaveLength(1);
  });

  it('sends back to the versions when the cluster is too new', async () => {
    const api = fakeApi({
      check: async () =>
        report(
          fixtures.finding({
            severity: 'blocker',
            direction: 'tooHigh',
            title: 'Kubernetes 1.37 is newer than Istio 1.30 supports',
            remedy: 'Choose a newer Istio.',
            alternatives: ['1.31.1'],
          }),
        ),
    });
    renderPage(api, {
      address: '/meshes/shop/upgrade?step=environment&version=1.30.3',
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Choose 1.31.1' }),
    );
    await waitFor(() =>
      expect(screen.getByLabelText('address')).toHaveTextContent(
        /version=1\.31\.1/,
      ),
    );
    expect(screen.getByLabelText('address')).toHaveTextContent('step=target');
  });

  it('needs a decision about everything unknown and every consent', async () => {
    const consent = fixtures.finding({
      check: 'single-replica',
      severity: 'consent',
      title: 'istiod has one replica',
      remedy: 'New pods cannot start meanwhile.',
    });
    const api = fakeApi({
      check: async () => ({ ...report(consent), passed: true }),
    });
    api.check.mockResolvedValueOnce(
      report(
        fixtures.finding({ severity: 'unknown', blocks: true }),
        fixtures.finding({ check: 'note', severity: 'unknown' }),
      ),
    );
    renderPage(api, {
      address: '/meshes/shop/upgrade?step=environment&version=1.30.3',
    });
    expect(
      await screen.findByLabelText('1 check could not be decided: recheck'),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Recheck' }));
    expect(
      await screen.findByLabelText('Your consent is needed'),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('checkbox', {
        name: 'I have read this and want to go on',
      }),
    );
    await next();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Upgrade Shop to 1.30.3' }),
    );
    expect(api.startRun).toHaveBeenCalledWith(
      expect.objectContaining({ consents: [consent.id] }),
    );
  });

  it('shows every answer as it arrives, and what is still awaited', async () => {
    let finish: (value: CheckReport) => void = () => undefined;
    const api = fakeApi({
      check: (_subject, { onProgress } = {}) => {
        onProgress?.({
          type: 'planned',
          checks: [
            { check: 'kubernetes-version', title: 'Kubernetes version' },
            { check: 'permissions', title: 'Permissions' },
          ],
        });
        onProgress?.({
          type: 'result',
          check: 'kubernetes-version',
          findings: [tooLow],
        });
        return new Promise(resolve => {
          finish = resolve;
        });
      },
    });
    renderPage(api, {
      address: '/meshes/shop/upgrade?step=environment&version=1.30.3',
    });
    expect(await screen.findByText('1/2')).toBeInTheDocument();
    expect(screen.getByText(tooLow.title)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Next' })).toBeDisabled();
    finish(report(tooLow, fixtures.finding()));
    expect(await screen.findByText('Not passed: 1 blocker')).toBeVisible();
    expect(screen.getByText('Passed (1)')).toBeVisible();
  });

  it('draws the way to a version that is too far, with what each stop needs', async () => {
    const stop = (version: string, minor: string) => ({
      version,
      minor,
      support: { state: 'supported' as const },
      kubernetes: { min: '1.32', max: '1.36' },
      clusters: [
        {
          cluster: 'prod-us',
          kubernetesVersion: '1.31.0',
          verdict: 'tooLow' as const,
        },
      ],
    });
    const api = fakeApi({
      getTargetVersions: async () => ({
        ...fixtures.targetVersions(),
        refused: [
          {
            version: '1.31.1',
            code: 'tooFar',
            reason: 'In place goes one minor at a time.',
            hops: [stop('1.30.2', '1.30'), stop('1.31.1', '1.31')],
          },
        ],
      }),
    });
    renderPage(api, { address: '/meshes/shop/upgrade' });
    const distant = await screen.findByRole('region', {
      name: 'Reached in several steps',
    });
    expect(
      within(distant)
        .getAllByRole('listitem')
        .map(item => item.textContent),
    ).toEqual([
      '1.29.4',
      expect.stringMatching(/^1\.30\.2Kubernetes 1\.32 to 1\.36.*too old/),
      expect.stringMatching(/^1\.31\.1/),
    ]);
    await userEvent.click(
      within(distant).getByRole('button', { name: 'Choose 1.30.2 first' }),
    );
    expect(screen.getByRole('radio', { name: '1.30.2' })).toBeChecked();
  });

  it('asks for pre-releases only when told to', async () => {
    const api = fakeApi();
    renderPage(api, { address: '/meshes/shop/upgrade' });
    await userEvent.click(
      await screen.findByRole('checkbox', { name: 'Show pre-releases' }),
    );
    await waitFor(() =>
      expect(api.getTargetVersions).toHaveBeenLastCalledWith('shop', {
        preReleases: true,
      }),
    );
  });

  it('checks without upgrading', async () => {
    const api = fakeApi({ check: async () => report(tooLow) });
    renderPage(api, { address: '/meshes/shop/check' });
    expect(await screen.findByText(tooLow.title)).toBeVisible();
    expect(api.check).toHaveBeenCalledWith(
      { kind: 'mesh', meshId: 'shop', targetVersion: '1.30.3' },
      expect.anything(),
    );
    expect(screen.queryByRole('button', { name: 'Next' })).toBeNull();
    expect(
      screen.getByRole('button', { name: 'Upgrade to this version' }),
    ).toHaveAttribute(
      'href',
      '/mesh-upgrade/meshes/shop/upgrade?version=1.30.3',
    );
  });

  it('leads to the run that holds the mesh, and shows a plan that replaced the seen one', async () => {
    const api = fakeApi();
    api.startRun.mockRejectedValueOnce(
      await serverError(409, 'ConflictError', 'The plan is out of date', {
        plan: fixtures.plan({
          hash: 'hash-2',
          changes: [{ ...fixtures.plan().changes[0], before: 'v1.30.0' }],
        }),
      }),
    );
    api.startRun.mockRejectedValueOnce(
      await serverError(409, 'ConflictError', 'Run run-7 upgrades this mesh', {
        runId: 'run-7',
      }),
    );
    renderPage(api, {
      address: '/meshes/shop/upgrade?step=execute&version=1.30.3',
    });
    const start = () =>
      screen.findByRole('button', { name: 'Upgrade Shop to 1.30.3' });
    await screen.findByText('v1.29.4 → v1.30.3');
    await userEvent.click(await start());
    expect(await screen.findByText('v1.30.0 → v1.30.3')).toBeInTheDocument();
    expect(
      screen.getByText(/environment has changed since/),
    ).toBeInTheDocument();

    await userEvent.click(await start());
    expect(api.startRun.mock.calls[1][0].planHash).toBe('hash-2');
    expect(
      await screen.findByRole('link', { name: 'Open that upgrade' }),
    ).toHaveAttribute('href', '/mesh-upgrade/runs/run-7');
    expect(
      screen.getByText(/Run run-7 upgrades this mesh/),
    ).toBeInTheDocument();
  });
});

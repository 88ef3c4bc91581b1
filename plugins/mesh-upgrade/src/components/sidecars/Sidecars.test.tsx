import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  fakeApi,
  fixtures,
  renderPage,
  serverError,
} from '../../__testUtils__';

const hermit = fixtures.workload('hermit', {
  method: { kind: 'none', blockers: ['It has no rollout strategy.'] },
});

describe('Sidecars', () => {
  afterEach(() => jest.restoreAllMocks());

  it('selects workloads, tells what it comes to, and carries them to the wizard', async () => {
    const api = fakeApi({
      listWorkloads: async () => ({
        items: [fixtures.workload('cart'), fixtures.workload('web'), hermit],
        total: 3,
      }),
      plan: async () =>
        fixtures.plan({
          kind: 'sidecars',
          pods: 3,
          changes: [
            {
              cluster: 'prod-eu',
              object: 'Deployment shop/cart',
              before: '1.29.4',
              after: '1.30.3',
              effect: 'Its pods restart.',
            },
          ],
          skipped: [
            { workload: hermit.id, reason: 'It has no rollout strategy.' },
          ],
        }),
      startRun: async () => fixtures.run({ kind: 'sidecars' }),
      getRun: async () =>
        fixtures.run({
          kind: 'sidecars',
          steps: [
            {
              id: '1',
              phase: 'upgrade',
              title: 'Deployment shop/cart',
              cluster: 'prod-eu',
              workload: 'prod-eu/shop/Deployment/cart',
              state: 'running',
              message: '2 of 3 pods run 1.30.3',
              progress: { done: 2, total: 3 },
            },
          ],
        }),
    });
    renderPage(api, { address: '/sidecars' });
    const table = await screen.findByRole('table', { name: 'Sidecars' });
    expect((await within(table).findAllByText('1.29.4 → 1.30.3')).length).toBe(
      3,
    );
    expect(screen.getByText('3 workloads run an older sidecar.')).toBeVisible();
    const bar = within(screen.getByRole('region', { name: 'Selection' }));
    expect(bar.getByRole('button', { name: 'Sidecar Upgrade' })).toBeDisabled();

    await userEvent.click(
      screen.getByRole('checkbox', { name: `Select ${hermit.id}` }),
    );
    expect(
      bar.getByLabelText('None of the selected workloads can be upgraded'),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('checkbox', {
        name: 'Select prod-eu/shop/Deployment/cart',
      }),
    );
    expect(
      bar.getByText('2 selected · 6 pods · 1 by restart, 1 not possible'),
    ).toBeInTheDocument();
    await userEvent.click(bar.getByRole('button', { name: 'Sidecar Upgrade' }));

    const selected = [hermit.id, 'prod-eu/shop/Deployment/cart'];
    expect(await screen.findByText('Passed: 1 check')).toBeInTheDocument();
    expect(api.check).toHaveBeenCalledWith(
      { kind: 'sidecars', workloads: selected },
      expect.anything(),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(
      await screen.findByText('1 workload gets sidecar 1.30.3'),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(
      await screen.findByText(/restarts 1 workload\. 3 pods are replaced/),
    ).toBeInTheDocument();
    expect(
      screen.getByText(`${hermit.id}: It has no rollout strategy.`),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Upgrade with one-click' }),
    );
    expect(api.startRun).toHaveBeenCalledWith({
      kind: 'sidecars',
      workloads: selected,
      planHash: 'hash-1',
      consents: [],
    });
    expect(
      await screen.findByText('2 of 3 pods run 1.30.3'),
    ).toBeInTheDocument();
  });

  it('filters by the address, loads more and selects all that match', async () => {
    const all = Array.from({ length: 60 }, (_, index) =>
      fixtures.workload(`w${index}`),
    );
    const api = fakeApi({
      listWorkloads: async ({ limit = 50, cursor }) => {
        const from = Number(cursor ?? 0);
        const end = Math.min(all.length, from + limit);
        return {
          items: all.slice(from, end),
          total: all.length,
          nextCursor: end < all.length ? String(end) : undefined,
        };
      },
    });
    renderPage(api, { address: '/sidecars?mesh=shop&outdated=true' });
    expect(await screen.findByText('50 of 60 shown')).toBeInTheDocument();
    expect(api.listWorkloads).toHaveBeenCalledWith(
      expect.objectContaining({ mesh: ['shop'], outdated: true, limit: 50 }),
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Select all 60 that match' }),
    );
    expect(
      await screen.findByText(/^60 selected · 180 pods/),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Load more' }));
    expect(await screen.findByText('60 of 60 shown')).toBeInTheDocument();
    expect(screen.getAllByRole('row')).toHaveLength(61);
  }, 20_000);

  it('sorts by a header, filters by counted choices and keeps both in the address', async () => {
    const api = fakeApi({
      listWorkloads: async ({ facets }) => ({
        items: [
          fixtures.workload('cart', {
            pods: { total: 3, ready: 1, injected: 3, abnormal: 2 },
          }),
        ],
        total: 1,
        facets: facets
          ? {
              mesh: [{ value: 'shop', count: 7 }],
              cluster: [{ value: 'prod-eu', count: 7 }],
              namespace: [{ value: 'shop', count: 7 }],
              kind: [{ value: 'Deployment', count: 7 }],
              status: [{ value: 'pendingRestart', count: 1 }],
              version: [
                { value: '1.29.4', count: 4 },
                { value: 'unknown', count: 1 },
              ],
            }
          : undefined,
      }),
    });
    renderPage(api, { address: '/sidecars?status=excluded&sort=nonsense' });
    const table = await screen.findByRole('table', { name: 'Sidecars' });
    expect(
      await within(table).findByText('2 pods in trouble'),
    ).toBeInTheDocument();
    expect(api.listWorkloads).toHaveBeenLastCalledWith(
      expect.objectContaining({ status: ['excluded'], sort: undefined }),
    );
    const choices = async (filter: string) => {
      await userEvent.click(screen.getByRole('button', { name: filter }));
      const options = within(screen.getByRole('listbox')).getAllByRole(
        'option',
      );
      return options.map(({ textContent }) => textContent);
    };
    expect(await choices('Status')).toEqual([
      'All',
      'Pending restart (1)',
      'Excluded (0)',
    ]);
    await userEvent.click(screen.getByRole('option', { name: 'All' }));
    expect(await choices('Mesh')).toEqual(['All', 'Shop (7)']);
    await userEvent.keyboard('{Escape}');
    expect(await choices('Sidecar version')).toEqual([
      'All',
      '1.29.4 (4)',
      'unknown (1)',
    ]);
    await userEvent.click(screen.getByRole('option', { name: '1.29.4 (4)' }));
    await waitFor(() =>
      expect(api.listWorkloads).toHaveBeenLastCalledWith(
        expect.objectContaining({ status: undefined, version: ['1.29.4'] }),
      ),
    );

    const header = () =>
      within(table).getByRole('columnheader', { name: 'Namespace' });
    for (const [sort, direction] of [
      ['namespace', 'ascending'],
      ['-namespace', 'descending'],
      [undefined, null],
    ]) {
      await userEvent.click(
        within(header()).getByRole('button', { name: 'Namespace' }),
      );
      await waitFor(() =>
        expect(api.listWorkloads).toHaveBeenLastCalledWith(
          expect.objectContaining({ sort, version: ['1.29.4'] }),
        ),
      );
      expect(header().getAttribute('aria-sort')).toBe(direction);
      expect(
        new URLSearchParams(
          screen.getByLabelText('address').textContent?.split('?')[1],
        ).get('sort'),
      ).toBe(sort ?? null);
    }
    expect(
      within(
        within(table).getByRole('columnheader', { name: 'Owner' }),
      ).queryByRole('button'),
    ).not.toBeInTheDocument();
  }, 20_000);

  it('saves what matches as CSV and says when that fails', async () => {
    const file = new Blob(['name\r\ncart\r\n']);
    const refused = await serverError(503, 'Error', 'database is locked');
    const api = fakeApi({
      exportWorkloads: jest
        .fn()
        .mockRejectedValueOnce(refused)
        .mockResolvedValue(file),
    });
    const saved: { name: string; content: Blob }[] = [];
    const contents = new Map<string, Blob>();
    URL.createObjectURL = content => {
      contents.set('blob:1', content as Blob);
      return 'blob:1';
    };
    URL.revokeObjectURL = () => undefined;
    jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(function click(this: HTMLAnchorElement) {
        saved.push({ name: this.download, content: contents.get(this.href)! });
      });
    renderPage(api, { address: '/sidecars?namespace=shop&sort=-pods' });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Export as CSV' }),
    );
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('The list could not be exported');
    expect(alert).toHaveTextContent('database is locked');
    expect(saved).toEqual([]);
    await userEvent.click(
      within(alert).getByRole('button', { name: 'Try again' }),
    );
    await waitFor(() =>
      expect(saved).toEqual([{ name: 'workloads.csv', content: file }]),
    );
    expect(api.exportWorkloads).toHaveBeenLastCalledWith(
      expect.objectContaining({ namespace: ['shop'], sort: '-pods' }),
    );
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('opens the pods of a workload', async () => {
    const api = fakeApi({
      getWorkload: async () => ({
        ...fixtures.workload('cart'),
        podList: [
          {
            name: 'cart-1',
            uid: 'u1',
            phase: 'Running',
            ready: false,
            sidecar: 'native',
            version: '1.29.4',
            createdAt: '2026-01-01T00:00:00Z',
            problem: 'ImagePullBackOff',
          },
        ],
      }),
    });
    renderPage(api, { address: '/sidecars' });
    await userEvent.click(await screen.findByRole('button', { name: 'cart' }));
    const pods = await screen.findByRole('table', { name: 'Pods' });
    expect(within(pods).getByText('cart-1')).toBeInTheDocument();
    expect(within(pods).getByText('ImagePullBackOff')).toBeInTheDocument();
    expect(within(pods).getByText('Native sidecar')).toBeInTheDocument();
    expect(within(pods).getByText('1.29.4')).toBeInTheDocument();
    await waitFor(() =>
      expect(screen.getByLabelText('address')).toHaveTextContent('open='),
    );
  });

  it('does not start with nothing selected', async () => {
    const api = fakeApi();
    renderPage(api, { address: '/sidecars/upgrade' });
    expect(
      await screen.findByText('No workload is selected'),
    ).toBeInTheDocument();
    expect(api.check).not.toHaveBeenCalled();
  });
});

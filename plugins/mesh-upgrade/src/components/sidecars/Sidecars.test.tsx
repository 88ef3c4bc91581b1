import type { WorkloadPage } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  fakeApi,
  FakeSignals,
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
    const rows = await within(table).findAllByRole('row', {
      name: /1\.29\.4\s→ 1\.30\.3/,
    });
    expect(rows).toHaveLength(3);
    expect(screen.getByText('3 workloads run an older sidecar.')).toBeVisible();
    const bar = within(screen.getByRole('region', { name: 'Selection' }));
    expect(bar.getByRole('button', { name: 'Sidecar Upgrade' })).toBeDisabled();

    await userEvent.click(
      screen.getByRole('checkbox', { name: `Select ${hermit.id}` }),
    );
    expect(
      bar.getByLabelText('It has no rollout strategy.'),
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
  });

  it('sorts by a header, filters by several counted values and keeps both in the address', async () => {
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
              namespace: Array.from({ length: 9 }, (_, index) => ({
                value: `ns-${index}`,
                count: 1,
              })),
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
    renderPage(api, {
      address: '/sidecars?status=excluded&namespace=ns-8&sort=nonsense',
    });
    const table = await screen.findByRole('table', { name: 'Sidecars' });
    expect(
      await within(table).findByText('2 pods in trouble'),
    ).toBeInTheDocument();
    expect(api.listWorkloads).toHaveBeenLastCalledWith(
      expect.objectContaining({ status: ['excluded'], sort: undefined }),
    );
    const group = (name: string) => within(screen.getByRole('group', { name }));
    const choices = (name: string) =>
      group(name)
        .getAllByRole('checkbox')
        .map(choice => [
          choice.getAttribute('aria-label'),
          (choice as HTMLInputElement).checked,
        ]);
    expect(choices('Status')).toEqual([
      ['Pending restart (1)', false],
      ['Excluded (0)', true],
    ]);
    expect(choices('Mesh')).toEqual([['Shop (7)', false]]);
    // Seven of nine: the first six, and what is chosen.
    expect(choices('Namespace')).toHaveLength(7);
    expect(choices('Namespace').at(-1)).toEqual(['ns-8 (1)', true]);
    await userEvent.click(
      group('Namespace').getByRole('button', { name: '2 more' }),
    );
    expect(choices('Namespace')).toHaveLength(9);

    const asked = (query: object) =>
      waitFor(() =>
        expect(api.listWorkloads).toHaveBeenLastCalledWith(
          expect.objectContaining(query),
        ),
      );
    await userEvent.click(
      group('Status').getByRole('checkbox', { name: 'Pending restart (1)' }),
    );
    await asked({ status: ['excluded', 'pendingRestart'] });
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear the filters' }),
    );
    await waitFor(() =>
      expect(api.listWorkloads.mock.lastCall?.[0]).not.toHaveProperty('status'),
    );
    await userEvent.click(
      group('Sidecar version').getByRole('checkbox', { name: '1.29.4 (4)' }),
    );
    await userEvent.click(
      screen.getByRole('checkbox', { name: 'Behind only' }),
    );
    await asked({ version: ['1.29.4'], outdated: true });

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
      await asked({ sort, version: ['1.29.4'] });
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
  });

  it('changes rows in their places when a change is announced, and lets new ones wait', async () => {
    const signals = new FakeSignals();
    const workload = fixtures.workload;
    const api = fakeApi({
      listWorkloads: async () => ({
        items: [workload('cart'), workload('web')],
        total: 2,
      }),
    });
    renderPage(api, { address: '/sidecars', signals });
    const table = await screen.findByRole('table', { name: 'Sidecars' });
    const names = () =>
      within(table)
        .getAllByRole('checkbox', { name: /^Select prod/ })
        .map(box => box.getAttribute('aria-label')?.split('/').at(-1));
    await waitFor(() => expect(names()).toEqual(['cart', 'web']));
    await act(async () => signals.announce());
    expect(await screen.findByText('Live')).toBeVisible();

    api.listWorkloads.mockResolvedValue({
      items: [
        workload('new'),
        workload('web'),
        workload('cart', {
          outdated: false,
          versions: [{ version: '1.30.3', pods: 3 }],
        }),
      ],
      total: 3,
    });
    await act(async () => signals.announce('inventory'));
    expect(await screen.findByText('1 new workload matches.')).toBeVisible();
    expect(names()).toEqual(['cart', 'web']);
    const [, cart] = within(table).getAllByRole('row');
    expect(cart).toHaveTextContent(/prod-eu.*1\.30\.3/);
    expect(cart).not.toHaveTextContent('1.29.4');
    await userEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(names()).toEqual(['new', 'web', 'cart']);
  });

  it('never offers to select a number of another list', async () => {
    const api = fakeApi();
    renderPage(api, { address: '/sidecars' });
    expect(
      await screen.findByRole('button', { name: 'Select all 2 that match' }),
    ).toBeVisible();
    let answer: (page: WorkloadPage) => void = () => {};
    api.listWorkloads.mockImplementation(
      () => new Promise(resolve => (answer = resolve)),
    );
    await userEvent.click(
      screen.getByRole('checkbox', { name: 'Behind only' }),
    );
    await waitFor(() =>
      expect(api.listWorkloads).toHaveBeenLastCalledWith(
        expect.objectContaining({ outdated: true }),
      ),
    );
    expect(
      screen.queryByRole('button', { name: /that match/ }),
    ).not.toBeInTheDocument();
    await act(async () =>
      answer({ items: [fixtures.workload('cart')], total: 41 }),
    );
    expect(
      await screen.findByRole('button', { name: 'Select all 41 that match' }),
    ).toBeVisible();
  });

  it('marks what is shown of a cluster that cannot be read with its age', async () => {
    renderPage(
      fakeApi({
        listClusters: async () => [
          fixtures.cluster({
            observedAt: new Date(Date.now() - 8 * 60_000).toISOString(),
            health: {
              state: 'unreachable',
              reason: 'connect ECONNREFUSED',
              since: '2026-01-01T00:00:00Z',
            },
          }),
        ],
      }),
      { address: '/sidecars' },
    );
    const marks = await screen.findAllByTitle(
      'Unreachable · what is shown of it was read 8 minutes ago · connect ECONNREFUSED',
    );
    expect(marks.map(({ textContent }) => textContent)).toEqual([
      'prod-eu',
      'prod-eu',
    ]);
  });

  it('shortens long names in the middle, copies them whole, and remembers the chosen columns', async () => {
    const name = 'recommendations-of-the-storefront-worker';
    const api = fakeApi({
      listWorkloads: async () => ({
        items: [fixtures.workload(name)],
        total: 1,
      }),
    });
    const page = renderPage(api, { address: '/sidecars' });
    expect(
      await screen.findByText('recommendation…efront-worker'),
    ).toBeVisible();
    expect(
      screen.getByRole('button', {
        name: `Copy prod-eu/shop/Deployment/${name}`,
      }),
    ).toBeInTheDocument();
    const headers = () =>
      screen.getAllByRole('columnheader').map(one => one.textContent);
    expect(headers()).not.toContain('Resources');
    await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
    await userEvent.click(
      screen.getByRole('menuitemcheckbox', { name: 'Resources' }),
    );
    await userEvent.click(
      screen.getByRole('menuitemcheckbox', { name: 'Owner' }),
    );
    expect(
      screen.getByRole('menuitemcheckbox', { name: 'Owner' }),
    ).toHaveAttribute('aria-checked', 'false');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(headers()).toContain('Resources'));
    page.unmount();
    renderPage(api, { address: '/sidecars' });
    await waitFor(() => expect(headers()).toContain('Resources'));
    expect(headers()).not.toContain('Owner');
  });

  it('names the Services of a workload, tells none from unknown, and finds all of them behind the first', async () => {
    const api = fakeApi({
      listWorkloads: async () => ({
        items: [
          fixtures.workload('many', { services: ['api', 'many', 'web'] }),
          fixtures.workload('one', { services: ['front'] }),
          fixtures.workload('none', { services: [] }),
          fixtures.workload('refused'),
        ],
        total: 4,
      }),
    });
    renderPage(api, { address: '/sidecars' });
    const table = await screen.findByRole('table', { name: 'Sidecars' });
    await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
    await userEvent.click(
      screen.getByRole('menuitemcheckbox', { name: 'Services' }),
    );
    await userEvent.keyboard('{Escape}');
    await within(table).findByText('front');
    const place = within(table)
      .getAllByRole('columnheader')
      .findIndex(({ textContent }) => textContent === 'Services');
    const cells = within(table)
      .getAllByRole('row')
      .slice(1)
      .map(row => within(row).getAllByRole('cell')[place]);
    expect(cells.map(({ textContent }) => textContent)).toEqual([
      'api +2',
      'front',
      '–',
      'unknown',
    ]);
    expect(within(cells[0]).getByText('+2')).toHaveAttribute('tabindex', '0');
    expect(within(cells[0]).getByText('+2')).toHaveAttribute(
      'title',
      'api, many, web',
    );
    expect(
      within(cells[3]).getByTitle(
        'Which Services select its pods could not be read.',
      ),
    ).toBeInTheDocument();
  });

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

  it('tells of one workload why it is as it is, and the truth about each pod', async () => {
    const api = fakeApi({
      getWorkload: async () => ({
        ...fixtures.workload('cart', {
          method: {
            kind: 'none',
            blockers: ['Its update strategy is OnDelete.'],
          },
          controller: { kind: 'Kafka', name: 'events', apiVersion: 'kafka/v1' },
          gitOps: {
            tool: 'argocd',
            name: 'shop',
            namespace: 'argo',
            evidence: ['argocd.argoproj.io/instance=shop'],
          },
          resources: { requests: { cpu: '100m' }, limits: { memory: '1Gi' } },
          replicas: { desired: 4, ready: 3 },
          services: ['cart', 'cart-metrics'],
        }),
        podList: [
          {
            name: 'cart-1',
            uid: 'u1',
            phase: 'Running',
            ready: false,
            node: 'node-7',
            sidecar: 'native',
            version: '1.29.4',
            image: 'docker.io/istio/proxyv2:1.29.4',
            revision: 'canary',
            createdAt: '2026-01-01T00:00:00Z',
            problem: 'ImagePullBackOff',
          },
        ],
      }),
    });
    renderPage(api, { address: '/sidecars' });
    await userEvent.click(await screen.findByRole('button', { name: 'cart' }));
    const drawer = within(
      await screen.findByRole('dialog', {
        name: 'prod-eu/shop/Deployment/cart',
      }),
    );
    const pods = await drawer.findByRole('table', { name: 'Pods' });
    const [, pod] = within(pods).getAllByRole('row');
    for (const text of [
      'cart-1',
      'Not ready: Running',
      'ImagePullBackOff',
      '1.29.4',
      'Native sidecar',
      'docker.io/istio/proxyv2:1.29.4',
      'canary',
      'node-7',
    ]) {
      expect(pod).toHaveTextContent(text);
    }
    for (const text of [
      'Namespace shop has istio-injection=enabled',
      'A new pod would get 1.30.3 from revision default.',
      'Kafka events · kafka/v1',
      'Argo CD argo/shop',
      'cart, cart-metrics',
      'argocd.argoproj.io/instance=shop',
      'Its update strategy is OnDelete.',
      '3/3 · 3 ready · 3 of 4 replicas',
      'CPU 100m / not set, memory not set / 1Gi (request / limit)',
    ]) {
      expect(drawer.getByText(text)).toBeInTheDocument();
    }
    expect(drawer.getByRole('link', { name: 'shop' })).toHaveAttribute(
      'href',
      '/mesh-upgrade/meshes/shop',
    );
    expect(
      drawer.getByRole('button', { name: 'Sidecar Upgrade' }),
    ).toBeDisabled();
    expect(
      drawer.getByLabelText('Its update strategy is OnDelete.'),
    ).toBeInTheDocument();
    expect(screen.getByLabelText('address')).toHaveTextContent('open=');
    await userEvent.keyboard('{Escape}');
    await waitFor(() =>
      expect(screen.getByLabelText('address')).not.toHaveTextContent('open='),
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

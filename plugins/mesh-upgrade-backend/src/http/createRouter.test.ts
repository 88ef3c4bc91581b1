import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import { ConflictError } from '@backstage/errors';
import {
  AuthorizeResult,
  type AuthorizePermissionRequest,
} from '@backstage/plugin-permission-common';
import type {
  CheckProgress,
  CheckReport,
  LastUpgrade,
  RunView,
  TargetVersions,
  UpgradePlan,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import express from 'express';
import request from 'supertest';
import { Authorizer } from '../access/Authorizer';
import { AuthorizedUpgrades } from '../access/AuthorizedUpgrades';
import type { CheckRunner } from '../checks/types';
import type { Inventory } from '../inventory/types';
import type { MeshOverview } from '../meshes/MeshOverview';
import { WorkloadOverview } from '../workloads/WorkloadOverview';
import type { UpgradeService } from '../upgrades/types';
import { createRouter } from './createRouter';

const CART = 'component:default/cart';
const LEDGER = 'component:default/ledger';
const GUEST = 'user:default/guest';

const workload = (name: string, owners: string[]): WorkloadDetail => ({
  id: `prod-eu/shop/Deployment/${name}`,
  cluster: 'prod-eu',
  namespace: 'shop',
  kind: 'Deployment',
  name,
  status: 'injected',
  statusReason: '',
  sidecar: 'container',
  versions: [],
  pods: { total: 1, ready: 1, injected: 1 },
  outdated: true,
  method: { kind: 'restart', blockers: [] },
  owners,
  podList: [],
});

const run: RunView = {
  id: 'run-1',
  kind: 'sidecars',
  state: 'queued',
  targetVersion: '1.30.3',
  startedBy: 'user:default/mock',
  createdAt: '2026-01-01T00:00:00Z',
  progress: { done: 0, total: 1 },
  planHash: 'hash',
  steps: [],
};

const plan: UpgradePlan = {
  hash: 'hash',
  kind: 'sidecars',
  targetVersion: '1.30.3',
  changes: [],
  pods: 1,
  skipped: [],
};

const clusters = [
  { cluster: 'prod-eu', kubernetesVersion: 'v1.34.2', verdict: 'ok' as const },
  { cluster: 'prod-us', verdict: 'unknown' as const },
];
const shopTargets: TargetVersions = {
  current: '1.29.4',
  family: 'native',
  strategy: 'inPlace',
  offered: [
    {
      version: '1.30.3',
      minor: '1.30',
      support: { state: 'supported', until: '2026-11-30', estimated: true },
      kubernetes: { min: '1.32', max: '1.36' },
      recommended: false,
      clusters,
      sources: ['docker.io/istio/pilot'],
    },
  ],
  refused: [
    {
      version: '1.31.1',
      code: 'tooFar',
      reason: '1.31.1 is 2 minors ahead of 1.29.4.',
      hops: [
        {
          version: '1.30.3',
          minor: '1.30',
          support: { state: 'unknown' },
          clusters,
        },
      ],
    },
  ],
  sources: [
    {
      kind: 'registry',
      source: 'docker.io/istio/pilot',
      seenAt: '2026-09-01T10:00:00.000Z',
      error: 'TOOMANYREQUESTS (429)',
      tags: 20,
      ignoredTags: 6,
      retryAt: '2026-09-01T11:00:00.000Z',
    },
  ],
  matrix: {
    source: 'Istio: supported releases',
    url: 'https://istio.io/latest/docs/releases/supported-releases/',
    readAt: '2026-08-30',
    stale: false,
  },
};

async function startRouter(granted: {
  basic?: string[];
  /** Entities whose workloads may be upgraded. */
  upgradable?: string[];
  checks?: Partial<CheckRunner>;
}) {
  const workloads = [
    workload('cart', [CART]),
    workload('ledger', [LEDGER]),
    workload('orphan', []),
  ];
  const permissions = mockServices.permissions.mock({
    authorize: async requests =>
      requests.map((question: AuthorizePermissionRequest) => ({
        result: (
          'resourceRef' in question && question.resourceRef
            ? granted.upgradable?.includes(question.resourceRef)
            : granted.basic?.includes(question.permission.name)
        )
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      })),
  });
  const audit = {
    success: jest.fn(async () => {}),
    fail: jest.fn(async () => {}),
  };
  const auditor = mockServices.auditor.mock({ createEvent: async () => audit });
  const inventory = {
    clusters: async () => [
      {
        name: 'prod-eu',
        title: 'Production EU',
        mode: 'read',
        health: { state: 'healthy', since: '2026-01-01T00:00:00Z' },
      },
    ],
    owners: async () => [CART, LEDGER],
    workloads: jest.fn(async () => ({ items: workloads, total: 3 })),
    workload: async (id: string) => workloads.find(item => item.id === id),
    workloadsById: async (ids: string[]) =>
      workloads.filter(({ id }) => ids.includes(id)),
  } as unknown as jest.Mocked<Inventory>;
  const upgrades = {
    run: async (id: string) => (id === run.id ? run : undefined),
    runs: jest.fn(async () => ({ items: [run], next: 'more' })),
    planOf: async (id: string) => (id === run.id ? plan : undefined),
    approve: jest.fn(async () => run),
    reject: jest.fn(async () => ({ ...run, state: 'stopping' as const })),
    events: jest.fn(async () => []),
    start: jest.fn(async () => run),
    stop: jest.fn(async () => ({ ...run, state: 'stopping' as const })),
    pause: jest.fn(async () => ({ ...run, state: 'paused' as const })),
    resume: jest.fn(async () => ({ ...run, state: 'running' as const })),
    plan: jest.fn(),
    activeRuns: async () => [],
    lastUpgrades: async () =>
      new Map([
        [
          'prod-eu/shop/Deployment/cart',
          {
            runId: 'run-1',
            outcome: 'succeeded',
            targetVersion: '1.30.3',
            endedAt: '2026-01-01T00:00:00Z',
          },
        ],
      ]),
  } as unknown as jest.Mocked<UpgradeService>;
  const leftovers = {
    list: async (id: string) =>
      id === 'shop'
        ? {
            items: [
              {
                id: 'prod-eu/Service/istio-system/istiod-1-29',
                cluster: 'prod-eu',
                kind: 'Service',
                namespace: 'istio-system',
                name: 'istiod-1-29',
                role: 'controlPlane' as const,
                reason: 'It leads to istiod of revision 1-29',
                usedBy: [],
              },
            ],
            problems: [{ cluster: 'prod-us', message: 'no answer' }],
          }
        : undefined,
  };
  const targets = jest.fn(async (id: string) =>
    id === 'shop' ? shopTargets : undefined,
  );
  const authorizer = Authorizer.create({ permissions });
  const router = await createRouter({
    validateResponses: true,
    httpAuth: mockServices.httpAuth(),
    authorizer,
    inventory,
    workloads: WorkloadOverview.create({ inventory, upgrades }),
    leftovers,
    meshes: {
      meshes: async () => [],
      mesh: async () => undefined,
      targets,
    } as unknown as MeshOverview,
    runs: upgrades,
    upgrades: AuthorizedUpgrades.create({
      upgrades,
      inventory,
      authorizer,
      auditor,
      checks: granted.checks as CheckRunner,
    }),
  });
  const app = express().use(router).use(mockErrorHandler());
  return { app, audit, upgrades, inventory, targets };
}

const startCart = {
  kind: 'sidecars',
  workloads: ['prod-eu/shop/Deployment/cart'],
  planHash: 'hash',
};

describe('createRouter', () => {
  it('starts what the caller owns, and audits it as done', async () => {
    const { app, audit, upgrades } = await startRouter({ upgradable: [CART] });
    const response = await request(app).post('/runs').send(startCart);
    expect(response.status).toBe(201);
    expect(response.body.id).toBe('run-1');
    expect(upgrades.start).toHaveBeenCalledWith(startCart, {
      startedBy: mockCredentials.user().principal.userEntityRef,
    });
    expect(audit.success).toHaveBeenCalledWith({
      meta: { runId: 'run-1', planHash: 'hash' },
    });
  });

  it('refuses a selection as a whole, names what is not allowed and audits the refusal', async () => {
    const { app, audit, upgrades } = await startRouter({ upgradable: [CART] });
    const response = await request(app)
      .post('/runs')
      .send({
        ...startCart,
        workloads: [
          'prod-eu/shop/Deployment/cart',
          'prod-eu/shop/Deployment/ledger',
          'prod-eu/shop/Deployment/orphan',
        ],
      });
    expect(response.status).toBe(403);
    expect(response.body.error.message).toContain('Deployment/ledger');
    expect(response.body.error.message).toContain(LEDGER);
    expect(response.body.error.message).toContain('Deployment/orphan');
    expect(response.body.error.message).not.toContain('Deployment/cart');
    expect(upgrades.start).not.toHaveBeenCalled();
    expect(audit.fail).toHaveBeenCalledTimes(1);
  });

  it.each([
    { kind: 'mesh', targetVersion: '1.30.3' },
    {
      kind: 'leftovers',
      leftovers: ['prod-eu/Service/istio-system/istiod-1-29'],
    },
  ])('refuses $kind without the permission for meshes', async subject => {
    const { app, audit, upgrades } = await startRouter({
      basic: ['mesh-upgrade.mesh.read'],
    });
    const response = await request(app)
      .post('/runs')
      .send({ ...subject, meshId: 'shop', planHash: 'hash' });
    expect(response.status).toBe(403);
    expect(response.body.error.message).toContain('mesh-upgrade.mesh.upgrade');
    expect(upgrades.start).not.toHaveBeenCalled();
    expect(audit.fail).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['an empty selection', { ...startCart, workloads: [] }, 'workloads'],
    ['an unknown kind', { ...startCart, kind: 'everything' }, 'kind'],
    [
      'no leftover',
      { kind: 'leftovers', meshId: 'shop', leftovers: [], planHash: 'hash' },
      'leftovers',
    ],
    ['a missing plan', { ...startCart, planHash: undefined }, 'planHash'],
    ['an unknown field', { ...startCart, force: true }, ''],
    [
      'an unknown workload',
      { ...startCart, workloads: ['prod-eu/shop/Deployment/none'] },
      'prod-eu/shop/Deployment/none',
    ],
    [
      'a mesh upgrade without a target',
      { kind: 'mesh', meshId: 'shop', planHash: 'hash' },
      'targetVersion',
    ],
  ])('answers %s with 400 and the field', async (_, body, field) => {
    const { app, upgrades } = await startRouter({
      upgradable: [CART],
      basic: ['mesh-upgrade.mesh.read', 'mesh-upgrade.mesh.upgrade'],
    });
    const response = await request(app).post('/runs').send(body);
    expect(response.status).toBe(400);
    expect(response.body.error.message).toContain(field);
    expect(upgrades.start).not.toHaveBeenCalled();
  });

  it('tells which run holds the mesh', async () => {
    const { app, upgrades } = await startRouter({ upgradable: [CART] });
    upgrades.start.mockRejectedValue(
      Object.assign(new ConflictError('Run run-7 holds mesh shop'), {
        runId: 'run-7',
      }),
    );
    const response = await request(app).post('/runs').send(startCart);
    expect(response.status).toBe(409);
    expect(response.body.error.runId).toBe('run-7');
  });

  it.each([
    ['stop', 'stopping'],
    ['pause', 'paused'],
    ['resume', 'running'],
  ] as const)(
    'lets the starter %s a run, and others only with run.control',
    async (verb, state) => {
      const own = await startRouter({});
      expect((await request(own.app).post(`/runs/run-1/${verb}`)).status).toBe(
        200,
      );

      const other = await startRouter({});
      const asGuest = await request(other.app)
        .post(`/runs/run-1/${verb}`)
        .set(
          'Authorization',
          mockCredentials.user.header('user:default/guest'),
        );
      expect(asGuest.status).toBe(403);
      expect(other.upgrades[verb]).not.toHaveBeenCalled();

      const controller = await startRouter({
        basic: ['mesh-upgrade.run.control'],
      });
      const asController = await request(controller.app)
        .post(`/runs/run-1/${verb}`)
        .set(
          'Authorization',
          mockCredentials.user.header('user:default/guest'),
        );
      expect(asController.body.state).toBe(state);
    },
  );

  it.each([
    ['approve', undefined, [{ approvedBy: GUEST }]],
    [
      'reject',
      { reason: 'not today' },
      [{ rejectedBy: GUEST, reason: 'not today' }],
    ],
    ['reject', undefined, [{ rejectedBy: GUEST }]],
  ] as const)(
    'lets those with run.approve %s a run, with %j, and audits it',
    async (verb, body, expected) => {
      const post = (app: express.Express) =>
        request(app)
          .post(`/runs/run-1/${verb}`)
          .set('Authorization', mockCredentials.user.header(GUEST))
          .send(body);
      const denied = await startRouter({ basic: ['mesh-upgrade.run.control'] });
      const refused = await post(denied.app);
      expect(refused.status).toBe(403);
      expect(refused.body.error.message).toContain('mesh-upgrade.run.approve');
      expect(denied.upgrades[verb]).not.toHaveBeenCalled();
      expect(denied.audit.fail).toHaveBeenCalledTimes(1);

      const { app, upgrades, audit } = await startRouter({
        basic: ['mesh-upgrade.run.approve'],
      });
      expect((await post(app)).status).toBe(200);
      expect(upgrades[verb]).toHaveBeenCalledWith('run-1', ...expected);
      expect(audit.success).toHaveBeenCalledTimes(1);
    },
  );

  it('passes on when a run is to begin and what it tries again', async () => {
    const { app, upgrades } = await startRouter({ upgradable: [CART] });
    const later = await request(app)
      .post('/runs')
      .send({
        ...startCart,
        startAt: '2026-11-23T22:00:00+01:00',
        retryOf: 'run-0',
      });
    expect(later.status).toBe(201);
    expect(upgrades.start).toHaveBeenCalledWith(
      {
        ...startCart,
        startAt: '2026-11-23T21:00:00.000Z',
        retryOf: 'run-0',
      },
      expect.anything(),
    );
    const wrong = await request(app)
      .post('/runs')
      .send({ ...startCart, startAt: 'tomorrow' });
    expect(wrong.status).toBe(400);
    expect(wrong.body.error.message).toContain('startAt');
  });

  it('passes every filter of runs on, and answers a page', async () => {
    const { app, upgrades } = await startRouter({
      basic: ['mesh-upgrade.mesh.read'],
    });
    const query = new URLSearchParams([
      ['mesh', 'shop'],
      ['kind', 'mesh'],
      ['state', 'failed'],
      ['state', 'stopped'],
      ['startedBy', GUEST],
      ['since', '2026-11-01T00:00:00+01:00'],
      ['until', '2026-12-01T00:00:00Z'],
      ['limit', '2'],
      ['cursor', 'abc'],
    ]);
    const { body } = await request(app).get(`/runs?${query}`);
    expect(body).toMatchObject({ items: [{ id: 'run-1' }], next: 'more' });
    expect(upgrades.runs).toHaveBeenCalledWith({
      mesh: 'shop',
      kind: ['mesh'],
      state: ['failed', 'stopped'],
      startedBy: GUEST,
      since: '2026-11-01T00:00:00+01:00',
      until: '2026-12-01T00:00:00Z',
      limit: 2,
      cursor: 'abc',
    });
    expect((await request(app).get('/runs?since=lately')).status).toBe(400);
  });

  it('shows the plan of a run, and its events with or without what Jobs printed', async () => {
    const { app, upgrades } = await startRouter({
      basic: ['mesh-upgrade.mesh.read'],
    });
    expect((await request(app).get('/runs/run-1/plan')).body).toEqual(plan);
    expect((await request(app).get('/runs/none/plan')).status).toBe(404);
    await request(app).get('/runs/run-1/events?after=3&output=false');
    expect(upgrades.events).toHaveBeenCalledWith('run-1', {
      after: 3,
      output: false,
    });
    const nobody = await startRouter({});
    for (const path of ['/runs', '/runs/run-1/plan', '/runs/run-1/events']) {
      expect((await request(nobody.app).get(path)).status).toBe(403);
    }
  });

  it('shows those without mesh.read only the workloads of their entities', async () => {
    const { app, inventory } = await startRouter({ upgradable: [CART] });
    await request(app).get(
      '/workloads?mesh=shop&mesh=pay&outdated=true&limit=2',
    );
    expect(inventory.workloads).toHaveBeenCalledWith(
      { mesh: ['shop', 'pay'], outdated: true, limit: 2 },
      { owners: [CART] },
    );

    const nobody = await startRouter({});
    expect((await request(nobody.app).get('/workloads')).status).toBe(403);
    expect((await request(nobody.app).get('/meshes')).status).toBe(403);
  });

  it('tells of each workload how its last upgrade ended', async () => {
    const { app } = await startRouter({ basic: ['mesh-upgrade.mesh.read'] });
    const { body } = await request(app).get('/workloads');
    expect(
      body.items.map(
        (item: { lastUpgrade?: LastUpgrade }) => item.lastUpgrade?.outcome,
      ),
    ).toEqual(['succeeded', undefined, undefined]);
    const csv = await request(app).get('/workloads.csv');
    expect(csv.text).toMatch(/2026-01-01T00:00:00Z,succeeded\r\n/);
  });

  it('passes every filter, order and the wish for facets on', async () => {
    const { app, inventory } = await startRouter({
      basic: ['mesh-upgrade.mesh.read'],
    });
    inventory.workloads.mockResolvedValue({
      items: [],
      total: 0,
      facets: {
        mesh: [{ value: 'shop', count: 2 }],
        cluster: [],
        namespace: [],
        kind: [],
        status: [],
        version: [],
      },
    });
    const response = await request(app).get(
      '/workloads?kind=Job&version=1.29.4&version=1.30.3&sort=-pods&facets=true',
    );
    expect(response.body.facets.mesh).toEqual([{ value: 'shop', count: 2 }]);
    expect(inventory.workloads).toHaveBeenCalledWith(
      {
        kind: ['Job'],
        version: ['1.29.4', '1.30.3'],
        sort: '-pods',
        facets: true,
      },
      undefined,
    );
    await request(app).get(
      `/workloads?${new URLSearchParams({ text: 'cart a+b', owner: CART })}`,
    );
    expect(inventory.workloads).toHaveBeenLastCalledWith(
      { text: 'cart a+b', owner: CART },
      undefined,
    );
    const wrong = await request(app).get('/workloads?sort=size');
    expect(wrong.status).toBe(400);
  });

  it('exports all pages as CSV that a spreadsheet does not execute', async () => {
    const { app, inventory } = await startRouter({ upgradable: [CART] });
    inventory.workloads
      .mockResolvedValueOnce({
        items: [
          {
            ...workload('cart', [CART, LEDGER]),
            services: ['cart', 'cart-metrics'],
            statusReason: '=HYPERLINK("http://x"), or so\nit seems',
            versions: [
              { version: '1.29.4', pods: 2 },
              { version: '1.30.3', pods: 1 },
            ],
          },
        ],
        total: 2,
        nextCursor: 'next',
      })
      .mockResolvedValueOnce({ items: [workload('-cart', [])], total: 2 });
    const response = await request(app).get('/workloads.csv?sort=name');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.headers['content-disposition']).toContain('workloads.csv');
    expect(response.text.split('\r\n')).toEqual([
      'cluster,namespace,kind,name,mesh,status,reason,sidecar,revision,desiredVersion,versions,outdated,pods,podsReady,podsInjected,podsAbnormal,method,blockers,gitOps,owners,services,lastUpgrade,lastUpgradeOutcome',
      `prod-eu,shop,Deployment,cart,,injected,"'=HYPERLINK(""http://x""), or so\nit seems",container,,,1.29.4 (2); 1.30.3 (1),true,1,1,1,,restart,,,${CART}; ${LEDGER},cart; cart-metrics,2026-01-01T00:00:00Z,succeeded`,
      `prod-eu,shop,Deployment,'-cart,,injected,,container,,,,true,1,1,1,,restart,,,,,,`,
      '',
    ]);
    expect(inventory.workloads.mock.calls).toEqual([
      [{ sort: 'name', limit: 500 }, { owners: [CART] }],
      [{ sort: 'name', limit: 500, cursor: 'next' }, { owners: [CART] }],
    ]);

    inventory.workloads.mockRejectedValueOnce(new Error('database is away'));
    const failed = await request(app).get('/workloads.csv');
    expect(failed.status).toBe(500);
    expect(failed.body.error.message).toBe('database is away');
  });

  describe('checks', () => {
    const report: CheckReport = {
      checkedAt: '2026-01-01T00:00:00Z',
      passed: true,
      consents: [],
      findings: [
        {
          id: 'a1',
          check: 'restart-method',
          severity: 'passed',
          title: 'A restart upgrades the sidecars',
          evidence: { object: 'o', observed: 'x', expected: 'y' },
          remedy: '',
        },
      ],
    };
    const subject = {
      kind: 'sidecars',
      workloads: ['prod-eu/shop/Deployment/cart'],
    };
    const post = (app: express.Express) =>
      request(app).post('/checks').send(subject);
    const linesOf = (text: string): CheckProgress[] =>
      text
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line));

    async function start(check: CheckRunner['checkSidecars']) {
      const { app } = await startRouter({
        upgradable: [CART],
        basic: ['mesh-upgrade.workload.read'],
        checks: { checkSidecars: check },
      });
      return app;
    }

    it('answers the report, or its making line by line', async () => {
      const app = await start(async (_, options) => {
        options?.onProgress?.({ type: 'planned', checks: [], workloads: 1 });
        return report;
      });
      const whole = await post(app);
      expect(whole.status).toBe(200);
      expect(whole.body).toEqual(report);

      const live = await post(app).set('Accept', 'application/x-ndjson');
      expect(live.headers['content-type']).toContain('application/x-ndjson');
      expect(linesOf(live.text)).toEqual([
        { type: 'planned', checks: [], workloads: 1 },
        { type: 'report', report },
      ]);
    });

    it('sends a result before the next is decided', async () => {
      let decide = () => {};
      const app = await start(async (_, options) => {
        options?.onProgress?.({ type: 'planned', checks: [], workloads: 1 });
        await new Promise<void>(resolve => {
          decide = resolve;
        });
        return report;
      });
      const live = await post(app)
        .set('Accept', 'application/x-ndjson')
        .buffer(true)
        .parse((res, done) => {
          let text = '';
          res.on('data', chunk => {
            text += chunk;
            decide();
          });
          res.on('end', () => done(null, text));
        });
      expect(linesOf(live.body)).toHaveLength(2);
    });

    it('refuses before the first line as always, and tells a later failure in the last', async () => {
      const refused = await startRouter({});
      const denied = await post(refused.app).set(
        'Accept',
        'application/x-ndjson',
      );
      expect(denied.status).toBe(403);

      const app = await start(async (_, options) => {
        options?.onProgress?.({ type: 'planned', checks: [], workloads: 1 });
        throw new ConflictError('gone wrong');
      });
      const live = await post(app).set('Accept', 'application/x-ndjson');
      expect(linesOf(live.text).at(-1)).toEqual({
        type: 'error',
        error: { name: 'ConflictError', message: 'gone wrong' },
      });
    });

    it('ends the check of a caller who leaves', async () => {
      let left: Promise<unknown> = Promise.resolve();
      const app = await start(async (_, options) => {
        left = new Promise(resolve => {
          options!.signal!.addEventListener('abort', resolve);
        });
        options?.onProgress?.({ type: 'planned', checks: [], workloads: 1 });
        await left;
        options?.onProgress?.({ type: 'planned', checks: [], workloads: 1 });
        return report;
      });
      await expect(
        post(app).set('Accept', 'application/x-ndjson').timeout(100),
      ).rejects.toThrow();
      await left;
    });
  });

  it('answers in the shapes of its OpenAPI document', async () => {
    const { app } = await startRouter({
      basic: ['mesh-upgrade.mesh.read'],
      upgradable: [CART],
    });
    for (const path of [
      '/clusters',
      '/meshes',
      '/meshes/shop/leftovers',
      '/workloads?outdated=true',
      '/workloads/prod-eu/shop/Deployment/cart',
      '/runs?active=true',
      '/runs/run-1',
      '/runs/run-1/events?after=0',
    ]) {
      expect((await request(app).get(path)).status).toBe(200);
    }
    const started = await request(app).post('/runs').send(startCart);
    expect(started.status).toBe(201);
  });

  it('answers the versions on offer, chosen as wished', async () => {
    const { app, targets } = await startRouter({
      basic: ['mesh-upgrade.mesh.read'],
    });
    const path = '/meshes/shop/versions';
    const answer = await request(app).get(path);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(shopTargets);
    expect(targets).toHaveBeenLastCalledWith('shop', {});

    await request(app).get(`${path}?preReleases=true&strategy=revision`);
    expect(targets).toHaveBeenLastCalledWith('shop', {
      preReleases: true,
      strategy: 'revision',
    });
    const wrong = await request(app).get(`${path}?strategy=sideways`);
    expect(wrong.status).toBe(400);
    expect((await request(app).get('/meshes/none/versions')).status).toBe(404);
  });

  it('answers what is not there with 404 and what does not fit with 400', async () => {
    const { app } = await startRouter({ basic: ['mesh-upgrade.mesh.read'] });
    for (const path of ['/meshes/none', '/meshes/none/leftovers']) {
      expect((await request(app).get(path)).status).toBe(404);
    }
    expect((await request(app).get('/runs/none')).status).toBe(404);
    const wrong = await request(app).get('/workloads?limit=0');
    expect(wrong.status).toBe(400);
    expect(wrong.body.error.message).toContain('limit');
    expect((await request(app).get('/openapi.json')).body.info.title).toBe(
      'mesh-upgrade',
    );
  });
});

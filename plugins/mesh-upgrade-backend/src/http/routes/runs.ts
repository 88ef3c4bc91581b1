import { NotFoundError } from '@backstage/errors';
import type { RunFilter } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Router } from 'express';
import type { RouterOptions } from '../types';

/** Runs, their plans and their events. */
export function addRunRoutes(router: Router, options: RouterOptions): void {
  const { httpAuth, authorizer, runs } = options;

  router.get('/runs', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    const filter = req.query as RunFilter & { limit?: number; cursor?: string };
    res.json(await runs.runs(filter));
  });

  router.get('/runs/:id', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    const run = await runs.run(req.params.id);
    if (!run) {
      throw new NotFoundError(`There is no run '${req.params.id}'`);
    }
    res.json(run);
  });

  router.get('/runs/:id/plan', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    const plan = await runs.planOf(req.params.id);
    if (!plan) {
      throw new NotFoundError(`There is no run '${req.params.id}'`);
    }
    res.json(plan);
  });

  router.get('/runs/:id/events', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    const range = req.query as {
      after?: number;
      output?: boolean;
      limit?: number;
    };
    res.json({ items: await runs.events(req.params.id, range) });
  });
}

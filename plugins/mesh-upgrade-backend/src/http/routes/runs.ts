import { NotFoundError } from '@backstage/errors';
import type { Router } from 'express';
import type { RouterOptions } from '../types';

/** Runs and their events. */
export function addRunRoutes(router: Router, options: RouterOptions): void {
  const { httpAuth, authorizer, runs } = options;

  router.get('/runs', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    const { mesh, workload, active, limit } = req.query as {
      mesh?: string;
      workload?: string;
      active?: boolean;
      limit?: number;
    };
    res.json({
      items: await runs.runs({ meshId: mesh, workload, active, limit }),
    });
  });

  router.get('/runs/:id', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    const run = await runs.run(req.params.id);
    if (!run) {
      throw new NotFoundError(`There is no run '${req.params.id}'`);
    }
    res.json(run);
  });

  router.get('/runs/:id/events', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    const { after, limit } = req.query as { after?: number; limit?: number };
    res.json({ items: await runs.events(req.params.id, { after, limit }) });
  });
}

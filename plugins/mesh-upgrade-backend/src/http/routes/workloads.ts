import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NotFoundError } from '@backstage/errors';
import {
  stringifyWorkloadRef,
  type WorkloadQuery,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Router } from 'express';
import type { RouterOptions } from '../types';
import { workloadsCsv } from '../workloadsCsv';

/** Workloads and their sidecars. */
export function addWorkloadRoutes(
  router: Router,
  options: RouterOptions,
): void {
  const { httpAuth, authorizer, inventory, workloads } = options;

  const readableBy = async (req: Parameters<typeof httpAuth.credentials>[0]) =>
    authorizer.workloadVisibility(
      () => inventory.owners(),
      await httpAuth.credentials(req),
    );

  // Queries are validated and converted by the OpenAPI document.
  router.get('/workloads', async (req, res) => {
    const visibility = await readableBy(req);
    res.json(await workloads.workloads(req.query as WorkloadQuery, visibility));
  });

  router.get('/workloads.csv', async (req, res) => {
    const lines = workloadsCsv(
      workloads,
      req.query as WorkloadQuery,
      await readableBy(req),
    );
    const first = await lines.next();
    res.type('text/csv; charset=utf-8').attachment('workloads.csv');
    res.write(first.value);
    await pipeline(Readable.from(lines), res);
  });

  router.get('/workloads/:cluster/:namespace/:kind/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const id = stringifyWorkloadRef(req.params);
    const workload = await workloads.workload(id);
    await authorizer.requireWorkloadRead(
      workload ?? { owners: [] },
      credentials,
    );
    if (!workload) {
      throw new NotFoundError(`There is no workload '${id}'`);
    }
    res.json(workload);
  });
}

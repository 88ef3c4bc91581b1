import { NotFoundError } from '@backstage/errors';
import {
  stringifyWorkloadRef,
  type WorkloadQuery,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Router } from 'express';
import type { RouterOptions } from '../types';

/** Workloads and their sidecars. */
export function addWorkloadRoutes(
  router: Router,
  options: RouterOptions,
): void {
  const { httpAuth, authorizer, inventory } = options;

  router.get('/workloads', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const visibility = await authorizer.workloadVisibility(
      await inventory.owners(),
      credentials,
    );
    // Validated and converted by the OpenAPI document.
    const query = req.query as WorkloadQuery;
    res.json(await inventory.workloads(query, visibility));
  });

  router.get('/workloads/:cluster/:namespace/:kind/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const id = stringifyWorkloadRef(req.params);
    const workload = await inventory.workload(id);
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

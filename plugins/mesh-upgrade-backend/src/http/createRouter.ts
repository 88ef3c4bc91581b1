import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import type { Router } from 'express';
import { spec } from './openapi';
import { addMeshRoutes } from './routes/meshes';
import { addRunRoutes } from './routes/runs';
import { addUpgradeRoutes } from './routes/upgrades';
import { addWorkloadRoutes } from './routes/workloads';
import type { RouterOptions } from './types';

/** The plugin's HTTP door: requests are checked against the OpenAPI document. */
export async function createRouter(
  options: RouterOptions & {
    /** Answer 500 when an answer does not fit the document; for tests. */
    validateResponses?: boolean;
  },
): Promise<Router> {
  const router = (await createValidatedOpenApiRouter(spec, {
    validatorOptions: { validateResponses: options.validateResponses ?? false },
  })) as unknown as Router;
  addMeshRoutes(router, options);
  addWorkloadRoutes(router, options);
  addUpgradeRoutes(router, options);
  addRunRoutes(router, options);
  return router;
}

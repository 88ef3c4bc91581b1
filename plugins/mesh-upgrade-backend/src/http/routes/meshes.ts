import { NotFoundError } from '@backstage/errors';
import type { Router } from 'express';
import type { TargetWishes } from '../../meshes/MeshTargets';
import type { RouterOptions } from '../types';

/** Clusters, meshes, the versions on offer and what earlier revisions left. */
export function addMeshRoutes(router: Router, options: RouterOptions): void {
  const { httpAuth, authorizer, inventory, meshes, leftovers } = options;

  router.get('/clusters', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    res.json({ items: await inventory.clusters() });
  });

  router.get('/meshes', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    res.json({ items: await meshes.meshes() });
  });

  router.get('/meshes/:id', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    res.json(found(await meshes.mesh(req.params.id), req.params.id));
  });

  router.get('/meshes/:id/versions', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    // Validated and converted by the OpenAPI document.
    const targets = await meshes.targets(
      req.params.id,
      req.query as TargetWishes,
    );
    res.json(found(targets, req.params.id));
  });

  router.get('/meshes/:id/leftovers', async (req, res) => {
    await authorizer.requireMeshRead(await httpAuth.credentials(req));
    const { id } = req.params;
    res.json(found(await leftovers.list(id), id));
  });
}

function found<T>(value: T | undefined, id: string): T {
  if (!value) {
    throw new NotFoundError(`There is no mesh '${id}'`);
  }
  return value;
}

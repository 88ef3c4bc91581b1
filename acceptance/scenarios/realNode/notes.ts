import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterAccess } from '../../ClusterAccess';
import { NEXT } from '../meshUpgrade/facts';
import { PASSWORD } from './facts';

/** Publishes the next version of istiod's chart once more, with notes that tell a password. */
export async function tellPassword(
  { name, tools }: ClusterAccess,
  registry: string,
): Promise<void> {
  if (!tools) {
    throw new Error(`${name} is no real cluster`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-notes-'));
  try {
    await tools.helm(
      ...['pull', `oci://${registry}/charts/istiod`, '--version', NEXT],
      ...['--plain-http', '--untar', '--untardir', folder],
    );
    appendFileSync(
      join(folder, 'istiod', 'templates', 'NOTES.txt'),
      `\nDashboard password: ${PASSWORD}\n`,
    );
    await tools.helm(
      ...['package', join(folder, 'istiod'), '--destination', folder],
    );
    await tools.helm(
      ...['push', join(folder, `istiod-${NEXT}.tgz`)],
      ...[`oci://${registry}/charts`, '--plain-http'],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

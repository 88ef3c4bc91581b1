import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterAccess } from '../../ClusterAccess';
import { NEXT, UNPUBLISHED } from '../meshUpgrade/facts';
import { ELSEWHERE, PASSWORD } from './facts';

/** Publishes charts of istiod once more: one tells a password in its notes, one has an image that is not there. */
export async function changeCharts(
  cluster: ClusterAccess,
  registry: string,
): Promise<void> {
  await republish(cluster, registry, NEXT, chart =>
    appendFileSync(
      join(chart, 'templates', 'NOTES.txt'),
      `\nDashboard password: ${PASSWORD}\n`,
    ),
  );
  await republish(cluster, registry, UNPUBLISHED, chart => {
    const file = join(chart, 'values.yaml');
    const values = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      values.replace(
        /^( *image:) pilot$/m,
        `$1 ${registry}/${ELSEWHERE}:${UNPUBLISHED}`,
      ),
    );
  });
}

async function republish(
  { name, tools }: ClusterAccess,
  registry: string,
  version: string,
  change: (chart: string) => void,
): Promise<void> {
  if (!tools) {
    throw new Error(`${name} is no real cluster`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-chart-'));
  try {
    await tools.helm(
      ...['pull', `oci://${registry}/charts/istiod`, '--version', version],
      ...['--plain-http', '--untar', '--untardir', folder],
    );
    change(join(folder, 'istiod'));
    await tools.helm(
      ...['package', join(folder, 'istiod'), '--destination', folder],
    );
    await tools.helm(
      ...['push', join(folder, `istiod-${version}.tgz`)],
      ...[`oci://${registry}/charts`, '--plain-http'],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

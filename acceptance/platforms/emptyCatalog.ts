import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A catalog file of one harmless entity, as a file without any counts as broken. */
export function emptyCatalog(folder: string): string {
  const file = join(folder, 'scenario-catalog.yaml');
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Domain',
      metadata: { name: 'scenario' },
      spec: { owner: 'platform-team' },
    }),
  );
  return file;
}

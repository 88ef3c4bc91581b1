import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { catalogFiles } from './catalog';

/** Where the catalog of the standard world is kept. */
export const CATALOG_DIRECTORY = join(
  dirname(require.resolve('../../package.json')),
  'catalog',
);

/** The text of every catalog file by its name. */
export function catalogTexts(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(catalogFiles()).map(([file, entities]) => [
      file,
      entities
        .map(entity => stringify(entity, { lineWidth: 100 }))
        .join('---\n'),
    ]),
  );
}

/** Writes the catalog; answers the names of the files. */
export async function writeCatalog(): Promise<string[]> {
  const texts = catalogTexts();
  await mkdir(CATALOG_DIRECTORY, { recursive: true });
  await Promise.all(
    Object.entries(texts).map(([file, text]) =>
      writeFile(join(CATALOG_DIRECTORY, file), text),
    ),
  );
  return Object.keys(texts);
}

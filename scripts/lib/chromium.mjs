import fs from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * Path of the browser for end-to-end tests: `CHROMIUM`, or the first on PATH.
 *
 * @returns {string | undefined}
 */
export function findChromium(environment = process.env) {
  const folders = (environment.PATH ?? '').split(':');
  const candidates = NAMES.flatMap(name =>
    folders.map(folder => path.join(folder, name)),
  );
  return [environment.CHROMIUM, ...candidates].find(
    file => file && fs.existsSync(file),
  );
}

import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** The Node that everything runs on, whatever Node started the command. */
export const nodeVersion = fs
  .readFileSync(path.join(root, '.node-version'), 'utf8')
  .trim();

/** As `packageManager` of the root package says. */
export const yarnVersion = JSON.parse(
  fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
).packageManager.split('@')[1];

import type { IncomingMessage, ServerResponse } from 'node:http';
import { mergePatch, type Json } from '../api/patch/mergePatch';
import { readBody, sendJson } from '../api/request';
import type { World } from '../world/World';
import type { Knobs, KnobSettings } from './Knobs';

const SECTIONS = ['clusters', 'registry'];

/** Answers `/knobs`: GET shows, PUT replaces, PATCH merges, DELETE resets the faults. */
export async function handleKnobs(
  req: IncomingMessage,
  res: ServerResponse,
  context: { path: string; knobs: Knobs; world: World },
) {
  const { path, knobs, world } = context;
  if (path === '/knobs/reset-world' && req.method === 'POST') {
    knobs.replace({});
    world.reset();
    sendJson(res, 200, { reset: true });
    return;
  }
  if (path !== '/knobs') {
    sendJson(res, 404, { error: `no such knob endpoint: ${path}` });
    return;
  }
  switch (req.method) {
    case 'GET':
      break;
    case 'PUT':
    case 'PATCH': {
      const settings = parseSettings(await readBody(req), world.clusterNames);
      if (typeof settings === 'string') {
        sendJson(res, 400, { error: settings });
        return;
      }
      knobs.replace(
        req.method === 'PUT'
          ? settings
          : (mergePatch(
              knobs.settings as unknown as Json,
              settings as Json,
            ) as unknown as KnobSettings),
      );
      break;
    }
    case 'DELETE':
      knobs.replace({});
      break;
    default:
      sendJson(res, 405, { error: 'knobs take GET, PUT, PATCH and DELETE' });
      return;
  }
  sendJson(res, 200, knobs.settings);
}

/** The settings in a body, or what is wrong with them. */
function parseSettings(
  text: string,
  clusters: string[],
): Partial<KnobSettings> | string {
  let settings: Partial<KnobSettings>;
  try {
    settings = JSON.parse(text);
  } catch (error) {
    return `knobs are JSON: ${(error as Error).message}`;
  }
  const unknown = [
    ...Object.keys(settings).filter(key => !SECTIONS.includes(key)),
    ...Object.keys(settings.clusters ?? {}).filter(
      name => name !== '*' && !clusters.includes(name),
    ),
  ];
  return unknown.length
    ? `unknown section or cluster: ${unknown.join(
        ', ',
      )}; sections are ${SECTIONS.join(', ')}, clusters are *, ${clusters.join(
        ', ',
      )}`
    : settings;
}

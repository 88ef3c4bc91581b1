import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerDeed, commit, parseDeed, upgradeExternalIstiod } from './deeds';
import { mergePatch, type Json } from '../api/patch/mergePatch';
import { readBody, sendJson } from '../api/request';
import type { World } from '../world/World';
import { unknownClusterKnobs, unknownRegistryKnobs } from './knobNames';
import type { Knobs, KnobSettings } from './Knobs';
import type { RequestCounts } from './RequestCounts';

const SECTIONS = ['clusters', 'registry'];

/**
 * Answers `/knobs`: GET shows, PUT replaces, PATCH merges, DELETE resets the faults; and
 * `/knobs/requests`: GET counts what was asked, DELETE counts anew. What people do elsewhere is
 * posted: `/knobs/commit`, `/knobs/external-istiod`.
 */
export async function handleKnobs(
  req: IncomingMessage,
  res: ServerResponse,
  context: {
    path: string;
    knobs: Knobs;
    world: World;
    requests: RequestCounts;
  },
) {
  const { path, knobs, world, requests } = context;
  if (path === '/knobs/reset-world' && req.method === 'POST') {
    knobs.replace({});
    world.reset();
    sendJson(res, 200, { reset: true });
    return;
  }
  if (path === '/knobs/commit' && req.method === 'POST') {
    answerDeed(res, commit(parseDeed(await readBody(req)), world));
    return;
  }
  if (path === '/knobs/external-istiod' && req.method === 'POST') {
    answerDeed(
      res,
      upgradeExternalIstiod(parseDeed(await readBody(req)), world),
    );
    return;
  }
  if (path === '/knobs/requests') {
    if (req.method === 'DELETE') {
      requests.reset();
    }
    sendJson(res, 200, { requests: requests.all });
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
  const knobs = [
    ...Object.values(settings.clusters ?? {}).flatMap(unknownClusterKnobs),
    ...unknownRegistryKnobs(settings.registry ?? {}),
  ];
  if (knobs.length) {
    return `unknown knob: ${knobs.join(', ')}`;
  }
  return unknown.length
    ? `unknown section or cluster: ${unknown.join(
        ', ',
      )}; sections are ${SECTIONS.join(', ')}, clusters are *, ${clusters.join(
        ', ',
      )}`
    : settings;
}

import type { Router } from 'express';
import { answerLive, JSON_LINES } from '../answerLive';
import type { RouterOptions } from '../types';
import { parseRejection, parseStartRun, parseSubject } from '../parseSubject';

/** Environment checks, plans, starting runs and controlling them. */
export function addUpgradeRoutes(router: Router, options: RouterOptions): void {
  const { httpAuth, upgrades } = options;
  const caller = async (
    request: Parameters<typeof httpAuth.credentials>[0],
  ) => ({
    credentials: await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    }),
    request,
  });

  router.post('/checks', async (req, res) => {
    const subject = parseSubject(req.body);
    const who = await caller(req);
    if (req.accepts(['json', JSON_LINES]) === JSON_LINES) {
      await answerLive(res, live => upgrades.check(subject, who, live));
    } else {
      res.json(await upgrades.check(subject, who));
    }
  });

  router.post('/plans', async (req, res) => {
    res.json(await upgrades.plan(parseSubject(req.body), await caller(req)));
  });

  router.post('/runs', async (req, res) => {
    const run = await upgrades.start(
      parseStartRun(req.body),
      await caller(req),
    );
    res.status(201).json(run);
  });

  for (const verb of ['stop', 'pause', 'resume', 'approve'] as const) {
    router.post(`/runs/:id/${verb}`, async (req, res) => {
      res.json(await upgrades[verb](req.params.id, await caller(req)));
    });
  }

  router.post('/runs/:id/reject', async (req, res) => {
    const rejection = parseRejection(req.body);
    const who = await caller(req);
    res.json(await upgrades.reject(req.params.id, rejection, who));
  });
}

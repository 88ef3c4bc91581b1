import type {
  CheckReport,
  RunView,
  UpgradePlan,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { callApi } from '../../scripts/lib/productClient.mjs';
import { SERVICE_TOKEN } from '../inventory/BenchedProduct';

const TIMEOUT_MS = 60_000;

/** Plans and checks what is to be upgraded; the answer starts it, as the last click of the wizard does. */
export async function prepareRun(
  url: string,
  subject: UpgradeSubject,
): Promise<() => Promise<RunView>> {
  const { hash } = await post<UpgradePlan>(url, '/plans', subject);
  const { consents } = await post<CheckReport>(url, '/checks', subject);
  return () =>
    post<RunView>(url, '/runs', { ...subject, planHash: hash, consents });
}

async function post<T>(url: string, path: string, body: object): Promise<T> {
  const answer = await callApi(url, {
    method: 'POST',
    path,
    token: SERVICE_TOKEN,
    body,
    timeoutMs: TIMEOUT_MS,
  });
  if (answer.status >= 300) {
    throw new Error(
      `${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`,
    );
  }
  return answer.body;
}

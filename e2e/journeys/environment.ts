import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Journey } from '../Journey';
import { environmentPassed, next } from './wizard';

const CLUSTER = 'prod-us';
const SEEN_TIMEOUT_MS = 90_000;
const ADDRESS = '/mesh-upgrade/meshes/shop/upgrade';

export const environment: Journey = {
  name: 'a cluster whose Kubernetes does not fit holds an upgrade back until it does',
  async run(browser, { faults, product }) {
    assert(faults, 'only a simulated cluster changes its version at will');
    try {
      await faults.set(CLUSTER, { kubernetesVersion: '1.31.9' });
      const page = await browser.signIn('Ada');
      await page.goto(`${product.url}${ADDRESS}`);
      await page.getByRole('radio', { name: '1.30.3' }).check();
      await next(page);
      await page.getByText(/^Not passed: \d+ blockers?$/).waitFor();
      await page.getByText('1.31.9').first().waitFor();
      await browser.picture(page, 'mesh-wizard-blocked');
      await mayGoOn(page, false);

      await faults.clear();
      await page.getByRole('button', { name: 'Recheck' }).click();
      await environmentPassed(page);
      await mayGoOn(page, true);

      await faults.set(CLUSTER, { kubernetesVersion: '1.99.0' });
      await page.getByRole('button', { name: 'Recheck' }).click();
      await page.getByText(/^Not passed: \d+ blockers?$/).waitFor();
      await page.getByRole('button', { name: 'Select target version' }).click();
      await page.getByRole('radio', { name: '1.30.3' }).waitFor();

      await faults.clear();
      await next(page);
      await environmentPassed(page);
      await next(page);
      await page
        .getByRole('button', { name: /^Upgrade .* to 1\.30\.3$/ })
        .waitFor();
      await versionSeenAgain(page, `${product.url}${ADDRESS}`);
    } finally {
      await faults.clear();
    }
  },
};

/** Checks ask a cluster at once; the list of versions goes by what was last seen of it. */
async function versionSeenAgain(page: Page, address: string): Promise<void> {
  const deadline = Date.now() + SEEN_TIMEOUT_MS;
  do {
    await page.goto(address);
    await page.getByRole('radio', { name: '1.30.3' }).waitFor();
  } while (
    (await page.getByText(/which is too (old|new)/).count()) > 0 &&
    Date.now() < deadline
  );
}

async function mayGoOn(page: Page, expected: boolean): Promise<void> {
  assert.equal(
    await page.getByRole('button', { name: 'Next', exact: true }).isEnabled(),
    expected,
  );
}

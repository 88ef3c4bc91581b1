import assert from 'node:assert/strict';
import type { Journey } from '../Journey';
import { environmentPassed, next, succeeded } from './wizard';

export const meshUpgrade: Journey = {
  name: 'a platform engineer upgrades a mesh and may leave the page meanwhile',
  async run(browser) {
    const page = await browser.signIn('Ada');
    const card = page.getByRole('article', { name: 'shop', exact: false });
    const upgrade = card.getByRole('button', { name: 'Upgrade now' });
    await upgrade.waitFor();
    await browser.picture(page, 'meshes');
    await upgrade.click();

    await page.getByRole('radio', { name: '1.30.3' }).check();
    await page
      .getByText('There is no way back to a lower version')
      .first()
      .waitFor();
    await browser.picture(page, 'mesh-wizard-version');
    await next(page);

    await environmentPassed(page);
    await browser.picture(page, 'mesh-wizard-environment');
    await next(page);

    await page
      .getByRole('button', { name: /^Upgrade .* to 1\.30\.3$/ })
      .click();
    await page.getByText('Health check').first().waitFor();
    const address = page.url();
    await page.reload();
    await page.getByText('Health check').first().waitFor();
    assert.equal(page.url(), address, 'reloading leads elsewhere');
    await page.getByText('Done', { exact: true }).first().waitFor();
    await browser.picture(page, 'mesh-wizard-run');

    await succeeded(
      page,
      'Every control plane runs 1.30.3 and passed the health check.',
    );
    await page.getByRole('tab', { name: 'Meshes' }).click();
    await card.getByText('Istio 1.30.3').waitFor();
  },
};

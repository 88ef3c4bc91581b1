import type { Journey } from '../Journey';
import { environmentPassed, next, succeeded } from './wizard';

export const meshUpgrade: Journey = {
  name: 'a platform engineer upgrades a mesh, closes the page in the middle and comes back to it',
  async run(browser) {
    let page = await browser.signIn('Ada');
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

    await page.getByRole('button', { name: 'YAML' }).first().click();
    await page.getByRole('region', { name: /^YAML of / }).waitFor();
    await browser.picture(page, 'mesh-wizard-plan');
    await page
      .getByRole('button', { name: /^Upgrade .* to 1\.30\.3$/ })
      .click();
    await page.getByText('Waits for prod-eu').first().waitFor();

    page = await browser.comeBack(page);
    await page
      .getByRole('article', { name: 'shop', exact: false })
      .getByText('Upgrading')
      .waitFor();
    await page.getByRole('tab', { name: /^Upgrades/ }).click();
    await page.getByRole('link', { name: /^Upgrade of shop/ }).click();
    await page.getByRole('region', { name: 'Health check' }).waitFor();
    await page.getByText('Waits for prod-eu').first().waitFor();
    await browser.picture(page, 'mesh-wizard-run');

    await succeeded(
      page,
      'Every control plane runs 1.30.3 and passed the health check.',
    );
    await page.getByText(/workloads still run an older sidecar/).waitFor();
    await page.getByRole('button', { name: /^plan / }).click();
    await page
      .getByRole('dialog')
      .getByRole('list', { name: 'Planned changes' })
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Meshes' }).click();
    await page
      .getByRole('article', { name: 'shop', exact: false })
      .getByText('Istio 1.30.3')
      .waitFor();
  },
};

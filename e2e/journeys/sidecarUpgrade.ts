import type { Journey } from '../Journey';
import { environmentPassed, next, succeeded } from './wizard';

const WORKLOADS = [
  'prod-eu/storefront/Deployment/web-frontend',
  'prod-eu/storefront/Deployment/product-catalog',
];

export const sidecarUpgrade: Journey = {
  name: 'a platform engineer restarts the sidecars that lag behind',
  async run(browser) {
    const page = await browser.signIn('Ada');
    await page.getByRole('tab', { name: /^Sidecars/ }).click();
    await page.getByLabel('Search workloads').fill('storefront');
    for (const workload of WORKLOADS) {
      await page.getByRole('checkbox', { name: `Select ${workload}` }).check();
    }
    await page.getByText(/^2 selected/).waitFor();
    // The catalog, which knows the owners, is read a moment after the clusters.
    await page
      .getByRole('row', { name: /product-catalog/ })
      .getByRole('link', { name: 'product-catalog' })
      .nth(1)
      .waitFor();
    await browser.picture(page, 'sidecars');
    await page.getByRole('button', { name: 'Sidecar Upgrade' }).click();

    await environmentPassed(page);
    await next(page);
    await page.getByText('2 workloads get sidecar 1.30.3').waitFor();
    await next(page);
    await page.getByText('This restarts 2 workloads.').waitFor();
    await browser.picture(page, 'sidecar-wizard-upgrade');
    await page.getByRole('button', { name: 'Upgrade with one-click' }).click();

    await succeeded(page, 'Every pod of the workloads runs 1.30.3.');
  },
};

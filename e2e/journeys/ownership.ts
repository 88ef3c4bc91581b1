import type { Journey } from '../Journey';
import { environmentPassed, next, succeeded } from './wizard';

const OWN = 'prod-us/storefront/Deployment/web-frontend';
const FOREIGN = 'checkout/Deployment/';

export const ownership: Journey = {
  name: 'a developer upgrades the own sidecars from the own component, and no others',
  async run(browser) {
    const page = await browser.signIn('Finn');
    await page.goto(
      new URL('/catalog/default/component/web-frontend/sidecars', page.url())
        .href,
    );
    await page.getByText(/Your \d+ workloads? runs? on/).waitFor();
    await page.getByRole('checkbox', { name: `Select ${OWN}` }).check();
    await browser.picture(page, 'entity-sidecars');
    await page.getByRole('button', { name: 'Sidecar Upgrade' }).click();
    await environmentPassed(page);
    await next(page);
    await next(page);
    await page.getByRole('button', { name: 'Upgrade with one-click' }).click();
    await succeeded(page, 'Every pod of the workloads runs 1.30.3.');

    await page.getByRole('tab', { name: /^Sidecars/ }).click();
    await page.getByLabel('Search workloads').fill('checkout');
    await page
      .getByRole('checkbox', { name: new RegExp(`^Select .*/${FOREIGN}`) })
      .first()
      .check();
    await page
      .getByLabel(/belongs to component:default\/[a-z-]+; you need/)
      .waitFor();
    await page
      .getByRole('button', { name: 'Sidecar Upgrade', disabled: true })
      .waitFor();
  },
};

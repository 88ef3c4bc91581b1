import type { Page } from 'playwright-core';
import type { Journey } from '../Journey';
import { environmentPassed, next, succeeded } from './wizard';

const ADDRESS = '/mesh-upgrade/meshes/payments/upgrade';
/** In the zone of the browser, and not before the next minute begins. */
const SOON_MS = 90_000;

export const approval: Journey = {
  name: 'an upgrade that needs two people is scheduled by one and approved by another, and starts at its time',
  async run(browser, { product }) {
    const ada = await browser.signIn('Ada');
    await ada.goto(`${product.url}${ADDRESS}`);
    await ada.getByRole('radio', { name: '1.30.3' }).check();
    await next(ada);
    await environmentPassed(ada);
    await next(ada);
    await ada.getByText('Somebody else has to approve it').waitFor();
    await schedule(ada, new Date(Date.now() + SOON_MS));
    await ada.getByText('You started it; somebody else').waitFor();
    const run = new URL(ada.url()).searchParams.get('run');

    const olga = await browser.signIn('Olga');
    await olga.goto(`${product.url}/mesh-upgrade/runs/${run}`);
    const approve = olga.getByRole('button', { name: 'Approve' });
    await approve.waitFor();
    await browser.picture(olga, 'run-approval');
    await approve.click();
    await olga
      .getByRole('dialog')
      .getByRole('button', { name: 'Approve' })
      .click();
    await olga.getByText('Approved by').waitFor();
    await olga.getByText('Scheduled', { exact: true }).first().waitFor();
    await olga.getByText(/left: (1 min )?\d+ s/).waitFor();
    await succeeded(
      olga,
      'Every control plane runs 1.30.3 and passed the health check.',
    );
  },
};

async function schedule(page: Page, at: Date): Promise<void> {
  await page.getByRole('radio', { name: 'At a time' }).check();
  await page.getByLabel('Start').fill(at.toISOString().slice(0, 16));
  await page.getByRole('button', { name: 'Schedule' }).click();
}

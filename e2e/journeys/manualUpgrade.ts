import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { assertInjected } from '../../acceptance/scenarios/meshUpgrade/installers/assertUpgraded';
import type { Journey } from '../Journey';
import {
  consentToAll,
  environmentPassed,
  next,
  runOf,
  succeeded,
} from './wizard';

const MESH = 'partners';
const TARGET = '1.30.3';

export const manualUpgrade: Journey = {
  name: 'a mesh whose istiod is elsewhere is upgraded there by commands to copy, and the run proves it, read in Chinese and in the dark as well',
  async run(browser, world) {
    const { elsewhere, product } = world;
    assert(elsewhere?.upgradeExternalIstiod, 'only a simulated istiod moves');
    const page = await browser.signIn('Ada');
    await page.goto(`${product.url}/mesh-upgrade/meshes/${MESH}/upgrade`);
    await page.getByRole('radio', { name: TARGET }).check();
    await page
      .getByText('Nothing of this mesh is changed from here.')
      .waitFor();
    await next(page);
    await environmentPassed(page);
    await consentToAll(page);
    await next(page);
    await page
      .getByRole('button', { name: `Upgrade ${MESH} to ${TARGET}` })
      .click();
    await page
      .getByRole('alert')
      .getByText('Waiting for a change elsewhere')
      .waitFor();
    await page.getByText(/^istioctl upgrade -f/).waitFor();
    await page.getByRole('button', { name: /^Copy istioctl upgrade/ }).click();
    await page.getByRole('button', { name: /^Copy istioctl upgrade/ }).hover();
    await page.getByText('Copied').waitFor();
    await page.getByText(/^Now: .*1\.29\.4/).waitFor();
    const run = runOf(page);

    await readInChineseAndDark(page, product.url);
    await page.goto(`${product.url}/mesh-upgrade/runs/${run}`);
    await page.getByRole('alert').getByText('等待其他地方的更改').waitFor();
    await browser.picture(page, 'manual-run-zh-dark');

    await elsewhere.upgradeExternalIstiod(MESH, TARGET);
    await succeeded(page, `所有控制面都运行 ${TARGET} 并通过了健康检测。`);
    const { state, driver } = await product.get<RunView>('ada', `/runs/${run}`);
    assert.equal(state, 'succeeded');
    assert.equal(driver, 'manual');
    await assertInjected(world, { cluster: MESH, namespace: MESH }, TARGET);
  },
};

async function readInChineseAndDark(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/settings`);
  await page.getByRole('button', { name: /dark/i }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('option', { name: '中文' }).click();
}

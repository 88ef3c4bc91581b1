import assert from 'node:assert/strict';
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

const MESH = 'support';
const FORMER = '1.29.4';
const TARGET = '1.30.3';

export const returnToFormer: Journey = {
  name: 'a mesh that was upgraded is taken back to its former version from the page of that run, once the risks are consented to',
  async run(browser, world) {
    const { clusters, product } = world;
    const page = await browser.signIn('Ada');
    await page.goto(`${product.url}/mesh-upgrade/meshes/${MESH}/upgrade`);
    await page.getByRole('radio', { name: TARGET }).check();
    await next(page);
    await environmentPassed(page);
    await next(page);
    await page
      .getByRole('button', { name: `Upgrade ${MESH} to ${TARGET}` })
      .click();
    await succeeded(
      page,
      `Every control plane runs ${TARGET} and passed the health check.`,
    );
    const upgrade = runOf(page);

    await page.goto(`${product.url}/mesh-upgrade/runs/${upgrade}`);
    await page.getByRole('button', { name: `Return to ${FORMER}` }).click();
    await page
      .getByRole('heading', { name: `Return ${MESH} to ${FORMER}` })
      .waitFor();
    await environmentPassed(page);
    await page
      .getByText(`Istio's custom resource definitions stay those of ${TARGET}`)
      .waitFor();
    await page
      .getByRole('button', { name: 'Next', exact: true, disabled: true })
      .waitFor();
    await consentToAll(page);
    await browser.picture(page, 'return-wizard-environment');
    await next(page);

    await page
      .getByText('sidecars that were upgraded meanwhile stay newer')
      .waitFor();
    await page
      .getByRole('button', { name: `Return ${MESH} to ${FORMER}` })
      .click();
    await succeeded(
      page,
      `Every control plane runs ${FORMER} again and passed the health check.`,
    );

    const run = await product.get<RunView>('ada', `/runs/${runOf(page)}`);
    assert.equal(run.state, 'succeeded');
    assert.equal(run.returnOf, upgrade);
    const istio = await clusters
      .find(({ name }) => name === MESH)!
      .get<Istio>('/apis/sailoperator.io/v1/istios/default');
    assert.equal(istio.spec.version, `v${FORMER}`);
    await assertInjected(world, { cluster: MESH, namespace: MESH }, FORMER);
  },
};

interface Istio {
  spec: { version: string };
}

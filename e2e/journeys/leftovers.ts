import assert from 'node:assert/strict';
import type { LeftoverList } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Journey } from '../Journey';
import { environmentPassed, next, runOf, succeeded } from './wizard';

const MESH = 'staging';
/** What a removed revision left behind, the tag of which somebody still asks for. */
const TAG = 'istio-revision-tag-previous';
const VALIDATOR = 'istio-validator-1-27-8-istio-system';
const USER = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'legacy-staging', labels: { 'istio.io/rev': 'previous' } },
};

export const leftovers: Journey = {
  name: 'what a removed revision left behind is removed, except what somebody still uses',
  async run(browser, { clusters, product }) {
    const cluster = clusters.find(({ name }) => name === MESH)!;
    await cluster.post('/api/v1/namespaces', USER);
    const page = await browser.signIn('Ada');
    await page.goto(`${product.url}/mesh-upgrade/meshes/${MESH}`);
    await page.getByRole('tab', { name: 'Leftovers (2)' }).click();
    const used = page.getByRole('row', { name: new RegExp(TAG) });
    await used.getByText('Namespace legacy-staging by its labels').waitFor();
    await used.getByText('Refused while it is in use').waitFor();
    await used.getByRole('checkbox', { disabled: true }).waitFor();
    await page
      .getByRole('button', { name: 'Remove', exact: true, disabled: true })
      .waitFor();
    const free = page.getByRole('row', { name: new RegExp(VALIDATOR) });
    await free.getByText('Nobody was found').waitFor();
    await free.getByRole('checkbox').check();
    await browser.picture(page, 'leftovers');

    await page.getByRole('button', { name: 'Remove 1 object' }).click();
    await environmentPassed(page);
    await next(page);
    await page.getByText('1 object is removed').waitFor();
    await page.getByRole('button', { name: 'YAML' }).click();
    await page.getByRole('region', { name: /^YAML of / }).waitFor();
    await page.getByRole('button', { name: 'Remove 1 object' }).click();
    await succeeded(page, 'The leftovers are gone.');
    const run = runOf(page);

    await page.goto(`${product.url}/mesh-upgrade/meshes/${MESH}?tab=leftovers`);
    await page.getByRole('tab', { name: 'Leftovers (1)' }).waitFor();
    assert.equal(await free.count(), 0);

    const { state } = await product.get('ada', `/runs/${run}`);
    assert.equal(state, 'succeeded');
    const { items } = await product.get<LeftoverList>(
      'ada',
      `/meshes/${MESH}/leftovers`,
    );
    assert.deepEqual(
      items.map(({ name }) => name),
      [TAG],
    );
    // Whoever asks for it past the page is refused as well.
    const refused = await product.call('ada', 'POST', '/plans', {
      kind: 'leftovers',
      meshId: MESH,
      leftovers: items.map(({ id }) => id),
    });
    assert.equal(refused.status, 400);
    assert.match(
      refused.body.error.message,
      /is in use: Namespace legacy-staging/,
    );
    await assert.rejects(
      cluster.get(
        `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${VALIDATOR}`,
      ),
      { status: 404 },
    );
  },
};

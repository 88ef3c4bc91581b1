import assert from 'node:assert/strict';
import type { ResourceType } from '../../plugins/mesh-upgrade-backend/src/clusters';
import { probeGateway } from '../../plugins/mesh-upgrade-backend/src/upgrades/actuators/health/probeGateway';
import { refused } from '../refused';
import type { ConformanceCase } from '../suite';

const ISTIO_GATEWAYS: ResourceType = {
  group: 'networking.istio.io',
  version: 'v1',
  resource: 'gateways',
};

export const configurationCases: ConformanceCase[] = [
  {
    name: 'a dry run of a sound Gateway of Istio is accepted and stores nothing, a faulty one is refused by the validator of its revision',
    async run(client, { plain, revision }) {
      const target = { ...ISTIO_GATEWAYS, namespace: plain };
      const probe = (faulty: boolean) =>
        client.create(
          target,
          probeGateway({ namespace: plain, revision, faulty }),
          { dryRun: true },
        );
      const { metadata } = await probe(false);
      await refused(client.get({ ...target, name: metadata.name }), {
        status: 404,
        reason: 'NotFound',
      });
      const { serverMessage } = await refused(probe(true), {
        status: 400,
        words: ['denied the request: configuration is invalid', '"no host"'],
      });
      assert.match(
        serverMessage,
        /^admission webhook "(rev\.)?validation\.istio\.io"/,
      );
    },
  },
];

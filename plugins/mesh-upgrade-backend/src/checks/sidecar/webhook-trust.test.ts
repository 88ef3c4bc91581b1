import { injectorWebhooksObject } from '../../inventory/__testUtils__/objects';
import { titlesOf } from './__testUtils__/restartScene';
import { webhookTrust } from './webhook-trust';

const ROOT = `-----BEGIN CERTIFICATE-----
MIIBdjCCARugAwIBAgIUIr4mbVb3aPZJtb8OKnEYZWXstP0wCgYIKoZIzj0EAwIw
DzENMAsGA1UECgwEcm9vdDAgFw0yNjExMjIwNjIzMzFaGA8yMTI2MTAyOTA2MjMz
MVowDzENMAsGA1UECgwEcm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLjx
XkWslCSrun4mflydxAZVdv15ymfgzk7kO/1c6FPdbRrUWkjY7nerGQ4+z2+I9ckt
jyQJB8myqx635czifpKjUzBRMB0GA1UdDgQWBBR8QU0/B/TRnbvNV5HGuncVNgJ7
6jAfBgNVHSMEGDAWgBR8QU0/B/TRnbvNV5HGuncVNgJ76jAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0kAMEYCIQCOcsKnLTfll2LQfE8OWFuY3mLisB0OUs0n
aOLwhNV4IwIhAPPxf0z8R2nnbVqsXWDaSJU+tMjO2DqZQ9szaCiXSbSi
-----END CERTIFICATE-----
`;
const OTHER = `-----BEGIN CERTIFICATE-----
MIIBdzCCAR2gAwIBAgIUC64Z1b5zlVTEvT7EmeJxCEBIS4MwCgYIKoZIzj0EAwIw
EDEOMAwGA1UECgwFb3RoZXIwIBcNMjYxMTIyMDYyMzMxWhgPMjEyNjEwMjkwNjIz
MzFaMBAxDjAMBgNVBAoMBW90aGVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
T3SuQ7xyWXdR+A/Jlm5V+RPhyFDC/f378pvxotxU1GBvlePbZrFvTtFd054eoT/C
u21jfOXWX4vs6st7tciy0KNTMFEwHQYDVR0OBBYEFDOsncPKKAMks+VUdq/RGU+w
fWGDMB8GA1UdIwQYMBaAFDOsncPKKAMks+VUdq/RGU+wfWGDMA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgCmxq+wiyQf0fe+t+SXyDxs4tAorhKTDv
6wnJRJk8Uv8CIQD7W9AhGMBLJOfs9NELXOVm1oPRs7zSdZ1SIRa7XZF8SA==
-----END CERTIFICATE-----
`;
const EXPIRED = `-----BEGIN CERTIFICATE-----
MIIBCjCBsgIBATAKBggqhkjOPQQDAjASMRAwDgYDVQQKDAdleHBpcmVkMB4XDTIw
MDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAwMFowEjEQMA4GA1UECgwHZXhwaXJlZDBZ
MBMGByqGSM49AgEGCCqGSM49AwEHA0IABCuH576scRhXPFNFup47s384uhN7m/mx
THsEYrICrx9ILps9G6EzufJqMEW4LLqw6EtiULvq0oPSmgu2RXNjONEwCgYIKoZI
zj0EAwIDRwAwRAIgHBjdczrFecBTDQ8kEGt9mfVj/xTywf9raAy+C/gZVNQCIETc
gxP1VM+sJ20MbhFyFbUjaPU1K0GrP3l+lIFDcBVZ
-----END CERTIFICATE-----
`;

function scene(bundle: string, root = ROOT) {
  const webhooks = injectorWebhooksObject();
  webhooks.webhooks!.forEach(({ clientConfig }) => {
    clientConfig.caBundle = Buffer.from(bundle).toString('base64');
  });
  return {
    trial: new Error('failed calling webhook: x509: unknown authority'),
    objects: {
      mutatingwebhookconfigurations: [webhooks],
      configmaps: [
        {
          metadata: { name: 'istio-ca-root-cert', namespace: 'istio-system' },
          data: { 'root-cert.pem': root },
        },
      ],
    },
  };
}

const WELL = ['passed: The webhook trusts the root of the mesh'];
const BAD = ['warning: The API server may refuse the certificate of istiod'];

describe('webhookTrust', () => {
  it('is proven by a trial pod that was injected, whatever the bundle looks like', async () => {
    const { trial, ...world } = scene(OTHER);
    expect(await titlesOf(webhookTrust(), world)).toEqual([
      'passed: The API server trusts the injector',
    ]);
  });

  it.each([
    ['the root', scene(ROOT), WELL],
    ['the root among others', scene(OTHER + ROOT), WELL],
    ['another root', scene(OTHER), BAD],
    ['nothing', scene(''), BAD],
    ['an expired root', scene(EXPIRED, EXPIRED), BAD],
  ])('of a webhook that trusts %s', async (_, world, findings) => {
    expect(await titlesOf(webhookTrust(), world)).toEqual(findings);
  });
});

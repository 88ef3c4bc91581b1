/** A webhook configuration that leads to the istiod of a revision. */
function validator(name: string, webhook: string, revision: string) {
  return {
    metadata: { name, labels: { 'istio.io/rev': revision } },
    webhooks: [
      {
        name: webhook,
        clientConfig: {
          service: { namespace: 'istio-system', name: `istiod-${revision}` },
        },
      },
    ],
  };
}

/** Of the revision that is upgraded. */
export const OWN = validator(
  'istio-validator-blue',
  'rev.validation.istio.io',
  'blue',
);
export const DEFAULT = validator(
  'istiod-default-validator',
  'validation.istio.io',
  'green',
);

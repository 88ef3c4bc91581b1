import { istiod, validator } from '../__testUtils__/webhooks';
import { judgeValidatingWebhooks } from './validating-webhook';

function judge(world: Partial<Parameters<typeof judgeValidatingWebhooks>[0]>) {
  return judgeValidatingWebhooks({
    cluster: 'prod-eu',
    configurations: [],
    services: [istiod('stable')],
    istiods: [istiod('stable')],
    ...world,
  });
}

const DEFAULT = 'istiod-default-validator';
const ALIVE = {
  revision: 'stable',
  service: 'istiod-stable',
  failurePolicy: 'Fail',
};

describe('validating-webhook', () => {
  it('passes with validators of revisions that run, or of an external control plane', () => {
    expect(
      judge({
        configurations: [
          validator(DEFAULT, ALIVE),
          validator('istio-validator-stable-istio-system', ALIVE),
          validator('istio-validator-external', {
            url: 'https://istiod.example.com/validate',
          }),
          { metadata: { name: 'of-somebody-else' } },
        ],
      }),
    ).toMatchObject([
      {
        severity: 'passed',
        evidence: { observed: '3 ValidatingWebhookConfigurations' },
      },
    ]);
  });

  it('asks for consent when a strict validator has nobody behind it', () => {
    expect(
      judge({
        configurations: [
          validator(DEFAULT, { ...ALIVE, service: 'istiod-old' }),
        ],
      }),
    ).toMatchObject([
      {
        severity: 'consent',
        evidence: {
          observed:
            'Service istio-system/istiod-old does not exist; failurePolicy Fail',
        },
      },
    ]);
  });

  it('finds a validator of another revision than those that run', () => {
    expect(
      judge({
        configurations: [validator(DEFAULT, { ...ALIVE, revision: 'old' })],
      }),
    ).toMatchObject([
      {
        severity: 'consent',
        evidence: {
          observed: 'Of revision old; running: stable; failurePolicy Fail',
        },
      },
    ]);
  });

  it('warns of leftovers and of validators that let everything pass', () => {
    expect(
      judge({
        configurations: [
          validator('istio-validator-old', {
            service: 'istiod-old',
            failurePolicy: 'Ignore',
          }),
          validator(DEFAULT, { ...ALIVE, failurePolicy: 'Ignore' }),
        ],
      }).map(({ severity, title }) => [severity, title]),
    ).toEqual([
      [
        'warning',
        'ValidatingWebhookConfiguration istio-validator-old is a leftover',
      ],
      [
        'warning',
        'ValidatingWebhookConfiguration istiod-default-validator lets faulty configuration pass',
      ],
    ]);
  });

  it('looks at addresses as istioctl analyze does', () => {
    expect(
      judge({
        configurations: [
          validator(DEFAULT, { url: 'https://10.0.0.7:15017/validate' }),
          validator('istio-validator-a', { url: 'nowhere' }),
          validator('istio-validator-b', {}),
        ],
      }).map(({ severity, link }) => [severity, link?.title]),
    ).toEqual([
      ['info', 'IST0164'],
      ['consent', 'IST0163'],
      ['consent', 'IST0163'],
    ]);
  });

  it('warns when an istiod has no validator at all', () => {
    expect(judge({})).toMatchObject([{ severity: 'warning' }]);
    expect(judge({ istiods: [] })).toMatchObject([{ severity: 'passed' }]);
  });
});

import type { ComponentBlueprint } from './blueprint';

type Row = [name: string, description: string, namespaces?: string[]];

function components(
  team: string,
  system: string,
  namespace: string,
  rows: Row[],
): ComponentBlueprint[] {
  return rows.map(([name, description, namespaces = [namespace]]) => ({
    name,
    description,
    system,
    team,
    namespaces,
  }));
}

/** What the teams own. */
export const COMPONENTS: readonly ComponentBlueprint[] = [
  ...components('team-storefront', 'storefront', 'storefront', [
    ['web-frontend', 'The pages of the shop'],
    [
      'product-catalog',
      'Products and their descriptions',
      ['storefront', 'storefront-staging'],
    ],
    [
      'search',
      'Finds products, and keeps the index they are found in',
      ['storefront', 'assistant', 'storefront-staging'],
    ],
    [
      'recommendations',
      'Products that others bought too',
      ['storefront', 'assistant'],
    ],
    ['session-store', 'Sessions of visitors'],
    ['image-resizer', 'Product pictures in every size, cached on each node'],
    [
      'reviews',
      'What customers say',
      ['storefront-beta', 'storefront-staging'],
    ],
    ['wishlist', 'What customers wish for', ['storefront-beta']],
  ]),
  ...components('team-checkout', 'checkout', 'checkout', [
    ['cart', 'The shopping cart'],
    [
      'checkout-api',
      'Turns a cart into an order',
      ['checkout', 'checkout-staging'],
    ],
    [
      'orders',
      'Orders and their database',
      ['checkout', 'loyalty', 'reporting', 'checkout-staging'],
    ],
    [
      'pricing',
      'Prices, discounts and taxes',
      ['checkout', 'promotions', 'checkout-staging'],
    ],
    ['shipping', 'Parcels and carriers', ['checkout', 'reporting']],
  ]),
  ...components('team-payments', 'payments', 'payments', [
    ['payment-gateway', 'The way to card networks and banks'],
    ['card-processor', 'Authorises and captures card payments'],
    ['refunds', 'Refunds and disputes', ['payments', 'chargebacks']],
    [
      'wallet',
      'Stored balance and statements',
      ['payments', 'payments-staging'],
    ],
    ['fraud', 'Scores payments for fraud', ['fraud', 'payments-staging']],
    [
      'ledger',
      'The books, their export and the daily settlement',
      ['ledger', 'chargebacks'],
    ],
    ['payments-docs', 'Documentation of the payment API', ['payments-tools']],
    ['audit-agent', 'Ships audit records from every node'],
  ]),
  ...components('team-devices', 'devices', 'devices', [
    ['device-gateway', 'Where devices connect', ['devices', 'devices-staging']],
    ['firmware', 'Firmware and its rollout to devices'],
    [
      'device-registry',
      'Which devices exist and what they last said',
      ['devices', 'field-service'],
    ],
    [
      'telemetry',
      'Measurements: intake, rules and storage',
      ['telemetry', 'devices-staging'],
    ],
    ['alerts', 'Tells people about broken devices', ['telemetry']],
    ['device-simulator', 'Devices that do not exist'],
    ['node-probe', 'Measures the network of every node', ['telemetry']],
  ]),
  ...components('team-operations', 'logistics', 'logistics', [
    ['warehouse', 'What lies where, and who fetches it'],
    ['route-planner', 'The ways of parcels and vans'],
  ]),
  ...components('team-operations', 'analytics', 'analytics', [
    ['reports', 'Figures of the day, the month and the year'],
    ['event-pipeline', 'Collects what happened'],
  ]),
  ...components('team-operations', 'support', 'support', [
    ['ticket-desk', 'Questions of customers and their answers'],
    ['live-chat', 'Talks with customers', ['support-chat']],
  ]),
  ...components('team-operations', 'partners', 'partners', [
    ['partner-portal', 'Where merchants look after their goods'],
    ['partner-sync', 'Exchanges stock and orders with merchants'],
  ]),
];

/** The team that runs the meshes. */
export const PLATFORM_TEAM = 'platform-team';

/** Who belongs to which group, and how they are shown. */
export const USERS: ReadonlyArray<{
  name: string;
  displayName: string;
  team: string;
}> = [
  { name: 'ada', displayName: 'Ada', team: PLATFORM_TEAM },
  { name: 'olga', displayName: 'Olga', team: PLATFORM_TEAM },
  { name: 'finn', displayName: 'Finn', team: 'team-storefront' },
  { name: 'grace', displayName: 'Grace', team: 'team-checkout' },
  { name: 'pia', displayName: 'Pia', team: 'team-payments' },
  { name: 'dev', displayName: 'Dev', team: 'team-devices' },
];

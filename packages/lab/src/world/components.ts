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

/** What the four teams own. */
export const COMPONENTS: readonly ComponentBlueprint[] = [
  ...components('team-storefront', 'storefront', 'storefront', [
    ['web-frontend', 'The pages of the shop'],
    ['product-catalog', 'Products and their descriptions'],
    ['search', 'Finds products, and keeps the index they are found in'],
    ['recommendations', 'Products that others bought too'],
    ['session-store', 'Sessions of visitors'],
    ['image-resizer', 'Product pictures in every size, cached on each node'],
    ['reviews', 'What customers say', ['storefront-beta']],
    ['wishlist', 'What customers wish for', ['storefront-beta']],
  ]),
  ...components('team-checkout', 'checkout', 'checkout', [
    ['cart', 'The shopping cart'],
    ['checkout-api', 'Turns a cart into an order'],
    ['orders', 'Orders and their database'],
    ['pricing', 'Prices, discounts and taxes'],
    ['shipping', 'Parcels and carriers'],
  ]),
  ...components('team-payments', 'payments', 'payments', [
    ['payment-gateway', 'The way to card networks and banks'],
    ['card-processor', 'Authorises and captures card payments'],
    ['refunds', 'Refunds and disputes'],
    ['wallet', 'Stored balance and statements'],
    ['fraud', 'Scores payments for fraud', ['fraud']],
    ['ledger', 'The books, their export and the daily settlement', ['ledger']],
    ['payments-docs', 'Documentation of the payment API', ['payments-tools']],
    ['audit-agent', 'Ships audit records from every node'],
  ]),
  ...components('team-devices', 'devices', 'devices', [
    ['device-gateway', 'Where devices connect'],
    ['firmware', 'Firmware and its rollout to devices'],
    ['device-registry', 'Which devices exist and what they last said'],
    ['telemetry', 'Measurements: intake, rules and storage', ['telemetry']],
    ['alerts', 'Tells people about broken devices', ['telemetry']],
    ['device-simulator', 'Devices that do not exist'],
    ['node-probe', 'Measures the network of every node', ['telemetry']],
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
  { name: 'finn', displayName: 'Finn', team: 'team-storefront' },
  { name: 'grace', displayName: 'Grace', team: 'team-checkout' },
  { name: 'pia', displayName: 'Pia', team: 'team-payments' },
  { name: 'dev', displayName: 'Dev', team: 'team-devices' },
];

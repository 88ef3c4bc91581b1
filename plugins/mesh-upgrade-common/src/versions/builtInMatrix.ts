import type { SupportMatrix, SupportMatrixRow } from './supportMatrix';

/**
 * Istio minors and the Kubernetes minors they support, newest first.
 *
 * 1.31 had no published row when the source was read; its end of life is
 * derived from the release cadence and its floor from the installer's code.
 */
const ISTIO_ROWS: readonly SupportMatrixRow[] = [
  {
    istio: '1.31',
    installFloor: '1.32',
    endOfLife: '2027-03-31',
    estimated: true,
  },
  {
    istio: '1.30',
    kubernetes: { min: '1.32', max: '1.36' },
    testedKubernetes: { min: '1.27', max: '1.31' },
    installFloor: '1.32',
    endOfLife: '2026-11-30',
    estimated: true,
  },
  {
    istio: '1.29',
    kubernetes: { min: '1.31', max: '1.35' },
    testedKubernetes: { min: '1.26', max: '1.30' },
    installFloor: '1.30',
    endOfLife: '2026-09-30',
    estimated: true,
  },
  {
    istio: '1.28',
    kubernetes: { min: '1.30', max: '1.34' },
    testedKubernetes: { min: '1.25', max: '1.29' },
    installFloor: '1.30',
    endOfLife: '2026-07-01',
  },
  {
    istio: '1.27',
    kubernetes: { min: '1.29', max: '1.33' },
    testedKubernetes: { min: '1.24', max: '1.28' },
    installFloor: '1.29',
    endOfLife: '2026-04-07',
  },
  {
    istio: '1.26',
    kubernetes: { min: '1.29', max: '1.33' },
    testedKubernetes: { min: '1.24', max: '1.28' },
    installFloor: '1.29',
    endOfLife: '2025-12-22',
  },
  {
    istio: '1.25',
    kubernetes: { min: '1.29', max: '1.32' },
    testedKubernetes: { min: '1.24', max: '1.28' },
    installFloor: '1.29',
    endOfLife: '2025-09-30',
  },
  {
    istio: '1.24',
    kubernetes: { min: '1.28', max: '1.31' },
    testedKubernetes: { min: '1.23', max: '1.27' },
    installFloor: '1.28',
    endOfLife: '2025-06-24',
  },
  {
    istio: '1.23',
    kubernetes: { min: '1.27', max: '1.30' },
    endOfLife: '2025-04-16',
  },
  {
    istio: '1.22',
    kubernetes: { min: '1.27', max: '1.30' },
    testedKubernetes: { min: '1.23', max: '1.26' },
    endOfLife: '2025-01-22',
  },
  {
    istio: '1.21',
    kubernetes: { min: '1.26', max: '1.29' },
    endOfLife: '2024-09-27',
  },
  {
    istio: '1.20',
    kubernetes: { min: '1.25', max: '1.29' },
    endOfLife: '2024-06-25',
  },
  {
    istio: '1.19',
    kubernetes: { min: '1.25', max: '1.28' },
    endOfLife: '2024-04-24',
  },
  {
    istio: '1.18',
    kubernetes: { min: '1.24', max: '1.27' },
    endOfLife: '2024-01-04',
  },
  {
    istio: '1.17',
    kubernetes: { min: '1.23', max: '1.26' },
    endOfLife: '2023-10-27',
  },
  {
    istio: '1.16',
    kubernetes: { min: '1.22', max: '1.25' },
    endOfLife: '2023-07-25',
  },
  { istio: '1.15', endOfLife: '2023-04-04' },
  {
    istio: '1.14',
    kubernetes: { min: '1.21', max: '1.24' },
    endOfLife: '2022-12-27',
  },
  {
    istio: '1.13',
    kubernetes: { min: '1.20', max: '1.23' },
    endOfLife: '2022-10-12',
  },
];

/**
 * The add-on of Azure Kubernetes Service supports other ranges and dates than
 * the project, as its support policy says:
 * https://learn.microsoft.com/azure/aks/istio-support-policy
 */
const AKS_ROWS: readonly SupportMatrixRow[] = [
  {
    istio: '1.30',
    provider: 'aks',
    kubernetes: { min: '1.32', max: '1.36' },
    endOfLife: '2026-12-31',
    estimated: true,
  },
  {
    istio: '1.29',
    provider: 'aks',
    kubernetes: { min: '1.31', max: '1.36' },
    endOfLife: '2026-09-30',
    estimated: true,
  },
  {
    istio: '1.28',
    provider: 'aks',
    kubernetes: { min: '1.30', max: '1.35' },
    endOfLife: '2026-08-31',
    estimated: true,
  },
];

/**
 * What the Istio project publishes, with the date on which it was read; the
 * data behind the page is
 * https://github.com/istio/istio.io/blob/master/data/compatibility/supportStatus.yml
 *
 * @public
 */
export const BUILT_IN_MATRIX: SupportMatrix = {
  source: 'Istio: supported releases',
  url: 'https://istio.io/latest/docs/releases/supported-releases/',
  readAt: '2026-08-30',
  rows: [...ISTIO_ROWS, ...AKS_ROWS],
};

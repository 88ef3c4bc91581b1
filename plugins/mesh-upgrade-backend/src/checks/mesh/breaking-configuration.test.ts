import { runOnCluster } from '../__testUtils__/runOnCluster';
import type { ConfigPatch, EnvoyFilter } from '../configuration/envoyFilters';
import {
  breakingConfiguration,
  judgeEnvoyFilters,
} from './breaking-configuration';

const HTTP_MANAGER = 'envoy.filters.network.http_connection_manager';

function filter(
  name: string,
  patches: ConfigPatch[],
  priority?: number,
): EnvoyFilter {
  return {
    metadata: { namespace: 'shop', name },
    spec: { priority, configPatches: patches },
  };
}

function patch(
  operation: string,
  applyTo = 'HTTP_FILTER',
  more: Partial<ConfigPatch> = {},
): ConfigPatch {
  return {
    applyTo,
    match: { listener: { filterChain: { filter: { name: HTTP_MANAGER } } } },
    patch: {
      operation,
      value: {
        name: 'envoy.filters.http.lua',
        typed_config: { '@type': 'type.googleapis.com/x.v3.Lua' },
      },
    },
    ...more,
  };
}

function bound(proxyVersion: string, operation = 'INSERT_FIRST') {
  return patch(operation, 'HTTP_FILTER', {
    match: { proxy: { proxyVersion } },
  });
}

function judge(filters: EnvoyFilter[], running = ['1.29.4']) {
  return judgeEnvoyFilters({
    cluster: 'prod-eu',
    targetVersion: '1.30.3',
    running,
    filters,
  });
}

/** Code of the analysis, severity and objects of every finding but the one that all EnvoyFilters get. */
function found(filters: EnvoyFilter[], running?: string[]) {
  return judge(filters, running)
    .slice(0, -1)
    .map(({ link, severity, objects }) => [
      link?.title,
      severity,
      objects?.map(({ name }) => name),
    ]);
}

describe('breaking-configuration', () => {
  it('passes without EnvoyFilters', async () => {
    expect(await runOnCluster(breakingConfiguration(), {})).toMatchObject([
      { severity: 'passed' },
    ]);
  });

  it('names every EnvoyFilter as something no version keeps stable', () => {
    expect(judge([filter('first', [patch('INSERT_FIRST')])])).toMatchObject([
      {
        severity: 'warning',
        link: { title: 'IST0133' },
        objects: [{ kind: 'EnvoyFilter', namespace: 'shop', name: 'first' }],
        evidence: { object: 'EnvoyFilter shop/first' },
      },
    ]);
  });

  it.each([
    ['REPLACE', 'CLUSTER', 'IST0152'],
    ['ADD', 'ROUTE_CONFIGURATION', 'IST0153'],
    ['ADD', 'HTTP_ROUTE', 'IST0153'],
    ['REMOVE', 'HTTP_ROUTE', 'IST0154'],
    ['REMOVE', 'HTTP_FILTER', 'IST0151'],
    ['REPLACE', 'HTTP_FILTER', 'IST0151'],
    ['INSERT_BEFORE', 'HTTP_FILTER', 'IST0151'],
    ['INSERT_AFTER', 'NETWORK_FILTER', 'IST0151'],
  ])('finds %s of %s as %s', (operation, applyTo, code) => {
    expect(found([filter('one', [patch(operation, applyTo)])])).toEqual([
      [code, 'warning', ['one']],
    ]);
  });

  it('leaves relative operations with a priority alone', () => {
    expect(found([filter('one', [patch('INSERT_BEFORE')], 10)])).toEqual([]);
  });

  it('asks for consent to relative operations on filters of some versions only', () => {
    expect(
      found([
        filter('relative', [patch('INSERT_BEFORE')]),
        filter('versioned', [bound('^1.*')]),
        filter('other', [
          patch('INSERT_BEFORE', 'HTTP_FILTER', {
            patch: {
              operation: 'INSERT_BEFORE',
              value: { name: 'other', typed_config: {} },
            },
          }),
        ]),
      ]),
    ).toEqual([
      ['IST0151', 'warning', ['relative', 'other']],
      ['IST0155', 'consent', ['relative']],
    ]);
  });

  it.each([
    ['^1\\.29.*', 'stops applying'],
    ['1\\.30', 'starts to apply'],
    ['(?i)^1\\.(28|29)\\.', 'stops applying'],
    ['^1\\.30\\.3$', 'starts to apply'],
  ])('tells that %s %s', (expression, what) => {
    expect(judge([filter('one', [bound(expression)])])[0]).toMatchObject({
      severity: 'consent',
      title: `EnvoyFilter shop/one ${what} to proxies of 1.30.3`,
    });
  });

  it('tells nothing of what applies before and after, and does not guess', () => {
    expect(found([filter('one', [bound('^1\\.(29|30)')])])).toEqual([]);
    expect(found([filter('one', [bound('^1\\.15')])])).toEqual([]);
    expect(found([filter('one', [bound('1.30')])], ['1.30.1'])).toEqual([]);
    expect(judge([filter('one', [bound('(?<!a)1')])])[0]).toMatchObject({
      severity: 'unknown',
      blocks: false,
    });
  });

  it('is not held up by an expression made to take forever', () => {
    expect(
      found([filter('one', [bound('^((((1*)*)*)*)*x$')])], ['1'.repeat(60)]),
    ).toEqual([]);
  });

  it('finds names and values of an older Envoy', () => {
    expect(
      found([
        filter('names', [
          {
            ...patch('INSERT_FIRST'),
            match: {
              listener: {
                filterChain: {
                  filter: {
                    name: 'envoy.http_connection_manager',
                    subFilter: { name: 'envoy.router' },
                  },
                },
              },
            },
          },
        ]),
        filter('untyped', [
          {
            ...patch('INSERT_FIRST'),
            patch: { operation: 'INSERT_FIRST', value: { name: 'mine' } },
          },
        ]),
        filter('v2', [
          {
            ...patch('INSERT_FIRST'),
            patch: {
              operation: 'INSERT_FIRST',
              value: {
                name: 'mine',
                typed_config: {
                  '@type':
                    'type.googleapis.com/envoy.config.filter.http.lua.v2.Lua',
                },
              },
            },
          },
        ]),
      ]),
    ).toEqual([
      ['IST0133', 'warning', ['names']],
      ['IST0106', 'consent', ['v2']],
      ['IST0133', 'warning', ['untyped']],
    ]);
  });
});

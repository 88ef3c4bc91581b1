import type { UpgradePlan } from '../types';
import { planToMarkdown } from './planToMarkdown';

const PLAN: UpgradePlan = {
  hash: 'ab12',
  kind: 'mesh',
  meshId: 'shop',
  fromVersion: '1.29.4',
  targetVersion: '1.30.3',
  driver: 'sail',
  changes: [
    {
      cluster: 'prod-eu',
      object: 'Istio default',
      before: 'spec.version v1.29.4',
      after: 'spec.version v1.30.3',
      effect: 'The operator rolls istiod',
    },
  ],
  pods: 2,
  skipped: [],
};

describe('planToMarkdown', () => {
  it('lists what changes in order, and what is left alone only when something is', () => {
    expect(planToMarkdown(PLAN)).toBe(`# Upgrade of mesh shop to 1.30.3

- From 1.29.4 to 1.30.3
- By sail
- Pods that are replaced: 2
- Plan ab12

## Changes, in order

| # | cluster | object | before | after | effect |
|---|---|---|---|---|---|
| 1 | prod-eu | Istio default | spec.version v1.29.4 | spec.version v1.30.3 | The operator rolls istiod |
`);
    expect(
      planToMarkdown({
        ...PLAN,
        kind: 'sidecars',
        skipped: [{ workload: 'a/b/Deployment/c', reason: 'It is paused' }],
      }),
    ).toMatch(
      /^# Sidecar upgrade to 1\.30\.3\n[^]*## Left as it is\n\n- a\/b\/Deployment\/c: It is paused\n$/,
    );
  });

  it('shows what changes in the YAML, which can end no fence, and how long steps usually take', () => {
    const [change] = PLAN.changes;
    const text = planToMarkdown({
      ...PLAN,
      usualSeconds: 190,
      changes: [
        {
          ...change,
          yaml: {
            before: 'kind: Istio\nspec:\n  version: v1.29.4\n',
            after: 'kind: Istio\nspec:\n  version: v1.30.3\n  note: ```\n',
          },
        },
        change,
      ],
      steps: [
        {
          phase: 'upgrade',
          title: 'istiod',
          cluster: 'prod-eu',
          usualSeconds: 42,
        },
        { phase: 'healthCheck', title: 'istiod', cluster: 'prod-eu' },
      ],
    });
    expect(text).toContain('- Usually done in 3 min\n');
    expect(text).toContain(`
### 1. Istio default, prod-eu

\`\`\`\`diff
@@ -1,3 +1,4 @@
 kind: Istio
 spec:
-  version: v1.29.4
+  version: v1.30.3
+  note: \`\`\`
\`\`\`\`

## Steps

| # | phase | cluster | step | usually |
|---|---|---|---|---|
| 1 | upgrade | prod-eu | istiod | 42 s |
| 2 | health check | prod-eu | istiod |  |
`);
    expect(text).not.toContain('### 2.');
  });

  it('shows an object that is made, or removed, as a whole', () => {
    const [change] = PLAN.changes;
    const of = (yaml: { before?: string; after?: string }) =>
      planToMarkdown({ ...PLAN, changes: [{ ...change, yaml }] });
    expect(of({ after: 'a: 1\n' })).toContain('@@ -1,0 +1,1 @@\n+a: 1\n```');
    expect(of({ before: 'a: 1\n' })).toContain('\n-a: 1\n```');
  });

  it('keeps the commands of an effect on lines of their own', () => {
    const [change] = PLAN.changes;
    expect(
      planToMarkdown({
        ...PLAN,
        changes: [
          { ...change, effect: 'Run this:\nistioctl upgrade -f <file>' },
        ],
      }),
    ).toContain('| Run this:<br>istioctl upgrade -f \\<file\\> |');
  });

  it('keeps names from becoming markup or another row', () => {
    const [change] = PLAN.changes;
    const text = planToMarkdown({
      ...PLAN,
      changes: [{ ...change, object: 'a | b\n# [x](http://evil)' }],
    });
    expect(text).toContain('a \\| b \\# \\[x\\](http://evil)');
    expect(text.split('\n')).toHaveLength(
      planToMarkdown(PLAN).split('\n').length,
    );
  });
});

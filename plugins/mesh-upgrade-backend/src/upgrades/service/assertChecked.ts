import { InputError } from '@backstage/errors';
import type {
  CheckFinding,
  CheckReport,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { stopsUpgrade } from '../../checks';

/**
 * An upgrade starts only from a passed report, and with every consent the
 * report asks for. What could not be decided where it matters is no permission.
 *
 * @returns the findings that were consented to
 * @throws InputError with what stands in the way, or with ids and titles of
 * what was not consented to
 */
export function assertChecked(
  report: CheckReport,
  consents: readonly string[],
): CheckFinding[] {
  if (!report.passed) {
    const sentences = report.findings.filter(stopsUpgrade).map(sentence);
    throw new InputError(`The checks did not pass. ${sentences.join(' ')}`);
  }
  const asked = report.findings.filter(({ id }) =>
    report.consents.includes(id),
  );
  const missing = asked.filter(({ id }) => !consents.includes(id));
  if (missing.length > 0) {
    const names = missing.map(
      each => `${place(each)}${each.title} (${each.id})`,
    );
    throw new InputError(
      `'consents' must name what you consent to: ${names.join('; ')}`,
    );
  }
  return asked;
}

/** What a run remembers of a consent. */
export function consentMessage(finding: CheckFinding, user: string): string {
  return `${user} consented to: ${place(finding)}${finding.title} (${
    finding.evidence.observed
  })`;
}

function sentence(finding: CheckFinding): string {
  const { title, evidence, remedy } = finding;
  return `${place(finding)}${title} (${evidence.observed}, expected ${
    evidence.expected
  }). ${remedy}`;
}

function place({ workload, cluster }: CheckFinding): string {
  const where = workload ?? cluster;
  return where ? `${where}: ` : '';
}

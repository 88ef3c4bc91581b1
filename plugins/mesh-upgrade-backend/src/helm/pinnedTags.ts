import { parseIstioVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Values by which users fix the image, and which a newer chart alone would not change. */
const PINS = ['global.tag', 'pilot.tag'];

/** A chart value that fixes the image's tag. */
export interface PinnedTag {
  /** e.g. `global.tag` */
  path: string;
  value: string;
}

/** The pins among the values that a user gave. */
export function pinnedTags(values: unknown): PinnedTag[] {
  return PINS.flatMap(path => {
    const value = path
      .split('.')
      .reduce<unknown>(
        (node, key) => (node as Record<string, unknown> | undefined)?.[key],
        values,
      );
    return value === undefined || value === null || value === ''
      ? []
      : [{ path, value: String(value) }];
  });
}

/** The pin moved to a version; the image variant stays what it was. */
export function movePin(pin: PinnedTag, version: string): PinnedTag {
  const variant = parseIstioVersion(pin.value)?.variant;
  return { ...pin, value: variant ? `${version}-${variant}` : version };
}

/** `path=value`, as helm's `--set` takes it. */
export function formatPin({ path, value }: PinnedTag): string {
  return `${path}=${value}`;
}

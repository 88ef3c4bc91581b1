import type { Pod } from '../../kubernetes/types';

/** What the kubelet says of an image that it cannot get, and since when (ISO). */
export interface ImageTrouble {
  since: string;
  words: string;
}

/** The words with which the kubelet says so; a back-off repeats an error that was told before. */
const REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'ImageInspectError',
  'InvalidImageName',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);
const BACK_OFF = 'ImagePullBackOff';
/** A registry may be away for a moment; an image that is not there stays away. */
const PATIENCE_MS = 2 * 60_000;

/** The trouble that a pod has with its image now; the error itself is kept over the back-offs after it. */
export function imageTroubleOf(
  pod: Pod | undefined,
  former: ImageTrouble | undefined,
  now: Date,
): ImageTrouble | undefined {
  const waiting = pod?.status?.containerStatuses?.find(({ state }) =>
    REASONS.has(state?.waiting?.reason ?? ''),
  )?.state?.waiting;
  if (!waiting) {
    return undefined;
  }
  const words = [waiting.reason, waiting.message].filter(Boolean).join(': ');
  return {
    since: former?.since ?? now.toISOString(),
    words: waiting.reason === BACK_OFF && former ? former.words : words,
  };
}

/** True when waiting longer for the image is of no use. */
export function isHopeless({ since }: ImageTrouble, now: Date): boolean {
  return now.getTime() - Date.parse(since) >= PATIENCE_MS;
}

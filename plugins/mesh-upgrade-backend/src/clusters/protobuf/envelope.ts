import { bytes, readMessage } from './Message';
import type { Message } from './Message';

/** `k8s` and a zero begin every object that is no part of another. */
const MAGIC = Buffer.from('k8s\0');

const UNKNOWN: Message = { 2: bytes('raw') };

/** The object inside the envelope that tells its kind. @throws Error when there is no envelope */
export function openEnvelope(envelope: Uint8Array): Uint8Array {
  if (!MAGIC.equals(envelope.subarray(0, MAGIC.length))) {
    throw new Error('no Kubernetes object in protobuf');
  }
  const { raw } = readMessage<{ raw?: Uint8Array }>(
    envelope.subarray(MAGIC.length),
    UNKNOWN,
  );
  return raw ?? new Uint8Array();
}

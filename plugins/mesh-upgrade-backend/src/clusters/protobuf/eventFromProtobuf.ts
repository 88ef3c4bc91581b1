import type { ProtobufDecoder } from '../types';
import { openEnvelope } from './envelope';
import { bytes, one, readMessage, text } from './Message';
import type { Message } from './Message';
import { statusFromProtobuf } from './statusFromProtobuf';

const EVENT: Message = {
  1: text('type'),
  2: one('object', { 1: bytes('raw') }),
};

/** An event of a watch, its object decoded. @throws Error when the bytes are none */
export function eventFromProtobuf(
  frame: Uint8Array,
  decode: ProtobufDecoder<object>,
): { type?: string; object?: object } {
  const { type, object } = readMessage<{
    type?: string;
    object?: { raw?: Uint8Array };
  }>(frame, EVENT);
  const raw = openEnvelope(object?.raw ?? new Uint8Array());
  return {
    type,
    object: type === 'ERROR' ? statusFromProtobuf(raw) : decode(raw),
  };
}

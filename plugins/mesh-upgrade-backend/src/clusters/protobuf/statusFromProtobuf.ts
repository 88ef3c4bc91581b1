import type { Status } from '../serverErrors';
import { many, one, positive, readMessage, text } from './Message';
import type { Message } from './Message';

const STATUS: Message = {
  3: text('message'),
  4: text('reason'),
  5: one('details', {
    4: many('causes', {
      1: text('reason'),
      2: text('message'),
      3: text('field'),
    }),
    5: positive('retryAfterSeconds'),
  }),
  6: positive('code'),
};

/** What went wrong, in the server's words. @throws Error when the bytes tell nothing of the kind */
export function statusFromProtobuf(bytes: Uint8Array): Status {
  return readMessage<Status>(bytes, STATUS);
}

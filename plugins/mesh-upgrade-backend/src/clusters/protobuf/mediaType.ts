const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** For who would rather have protobuf; the server takes the first form that it has. */
export const PROTOBUF_OR_JSON = `${PROTOBUF},application/json`;

/** Whether an answer's content type is Kubernetes' protobuf; for streams a parameter follows. */
export function isProtobuf(contentType: string | undefined): boolean {
  return contentType?.split(';')[0].trim().toLowerCase() === PROTOBUF;
}

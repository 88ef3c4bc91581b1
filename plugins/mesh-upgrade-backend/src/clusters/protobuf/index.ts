export * from './Message';
export { eventFromProtobuf } from './eventFromProtobuf';
export { openEnvelope } from './envelope';
export { readFrames } from './readFrames';
export { statusFromProtobuf } from './statusFromProtobuf';
export { isProtobuf, PROTOBUF_OR_JSON } from './mediaType';

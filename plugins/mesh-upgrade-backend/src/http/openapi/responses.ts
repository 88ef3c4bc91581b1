const json = <const S>(description: string, schema: S) =>
  ({ description, content: { 'application/json': { schema } } } as const);

/** A schema by its name. */
export const reference = <const N extends string>(name: N) =>
  ({ $ref: `#/components/schemas/${name}` as const } as const);

/** Every error has Backstage's own form. */
const errors = {
  default: json(
    'Refused or failed, and why: 400, 401, 403, 404, 409, 503',
    reference('Error'),
  ),
} as const;

/** One object. */
export const one = <const N extends string>(name: N, description: string) =>
  ({ '200': json(description, reference(name)), ...errors } as const);

/** One object; or, to callers that accept `application/x-ndjson`, lines of JSON as they come about. */
export const oneOrLines = <const N extends string, const L extends string>(
  name: N,
  line: L,
  description: string,
) =>
  ({
    '200': {
      description,
      content: {
        'application/json': { schema: reference(name) },
        'application/x-ndjson': { schema: reference(line) },
      },
    },
    ...errors,
  } as const);

/** The object that was made. */
export const created = <const N extends string>(name: N, description: string) =>
  ({ '201': json(description, reference(name)), ...errors } as const);

/** `{items: […]}` */
export const many = <const N extends string>(name: N, description: string) =>
  ({
    '200': json(description, {
      type: 'object',
      required: ['items'],
      properties: { items: { type: 'array', items: reference(name) } },
    }),
    ...errors,
  } as const);

/** `{items: […], total, nextCursor?}`, and what else a page tells. */
export const page = <const N extends string, const P extends object>(
  name: N,
  description: string,
  more: P,
) =>
  ({
    '200': json(description, {
      type: 'object',
      required: ['items', 'total'],
      properties: {
        items: { type: 'array', items: reference(name) },
        total: { type: 'integer' },
        nextCursor: { type: 'string' },
        ...more,
      },
    }),
    ...errors,
  } as const);

/** A table for spreadsheets. */
export const csv = (description: string) =>
  ({
    '200': {
      description,
      content: { 'text/csv': { schema: { type: 'string' } } },
    },
    ...errors,
  } as const);

/** A JSON body that may be left out. */
export const optionalBody = <const N extends string>(name: N) =>
  ({
    required: false,
    content: { 'application/json': { schema: reference(name) } },
  } as const);

/** A JSON body. */
export const body = <const N extends string>(name: N) =>
  ({
    required: true,
    content: { 'application/json': { schema: reference(name) } },
  } as const);

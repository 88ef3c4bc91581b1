export const pathParameter = <const N extends string>(name: N) =>
  ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1 },
  } as const);

/** Forms and `URLSearchParams` write a space as `+`, which counts as reserved. */
export const textParameter = <const N extends string>(name: N) =>
  ({
    name,
    in: 'query',
    allowReserved: true,
    schema: { type: 'string' },
  } as const);

/** ISO 8601. */
export const timeParameter = <const N extends string>(name: N) =>
  ({
    name,
    in: 'query',
    allowReserved: true,
    schema: { type: 'string', format: 'date-time' },
  } as const);

/** Repeatable: several values mean "or". */
export const listParameter = <const N extends string>(name: N) =>
  ({
    name,
    in: 'query',
    explode: true,
    style: 'form',
    schema: { type: 'array', items: { type: 'string' } },
  } as const);

export const flagParameter = <const N extends string>(name: N) =>
  ({ name, in: 'query', schema: { type: 'boolean' } } as const);

export const countParameter = <const N extends string>(
  name: N,
  minimum: number,
  maximum: number,
) =>
  ({
    name,
    in: 'query',
    schema: { type: 'integer', minimum, maximum },
  } as const);

export const choiceParameter = <
  const N extends string,
  const V extends readonly string[],
>(
  name: N,
  values: V,
) => ({ name, in: 'query', schema: { type: 'string', enum: values } } as const);

/** What an object holds at a path, taken for a `T`; undefined when the path leads nowhere. */
export function valueAt<T>(object: object, path: string[]): T | undefined {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    object,
  ) as T | undefined;
}

/** Milliseconds; PostgreSQL's driver gives 64 bits as text. */
export type DatabaseTime = number | string | null;

/** The stored form of what is kept as JSON. */
export function toJson(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** See {@link toJson}. */
export function fromJson<T>(value: string | null): T | undefined {
  return value === null ? undefined : JSON.parse(value);
}

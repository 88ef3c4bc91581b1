import { z } from 'zod';

// An empty repository may answer `null`.
const pageSchema = z.object({ tags: z.array(z.string()).nullish() });

/** The tags of one page; undefined when the body is not what registries answer. */
export function readTagPage(body: string): string[] | undefined {
  const page = pageSchema.safeParse(parseJson(body));
  return page.success ? page.data.tags ?? [] : undefined;
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The page that a `Link` header names as next. Only path and query are taken:
 * a registry behind a proxy often does not know its own address, and the
 * credentials must go nowhere else.
 */
export function nextPage(header: string | null, current: URL): URL | undefined {
  for (const [, target, parameters] of (header ?? '').matchAll(
    /<([^>]*)>([^<]*)/g,
  )) {
    if (
      /;\s*rel\s*=\s*"?next"?/i.test(parameters) &&
      URL.canParse(target, current)
    ) {
      const { pathname, search } = new URL(target, current);
      return new URL(pathname + search, current.origin);
    }
  }
  return undefined;
}

import { z } from 'zod';
import { RegistryError } from './RegistryError';
import type { RegistrySession } from './RegistrySession';
import { parseJson } from './tagPages';

/** An image as its registry holds it. */
export interface RegistryImage {
  /** Absent when the registry does not tell. */
  digest?: string;
  /** e.g. `linux/amd64`, sorted. */
  platforms: string[];
  /** Of the first platform's configuration; empty unless asked for. */
  labels: Record<string, string>;
}

const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const indexSchema = z.object({
  manifests: z.array(
    z.object({
      digest: z.string(),
      platform: z
        .object({
          os: z.string(),
          architecture: z.string(),
          variant: z.string().optional(),
        })
        .optional(),
    }),
  ),
});
const manifestSchema = z.object({ config: z.object({ digest: z.string() }) });
const configSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
  config: z
    .object({ Labels: z.record(z.string(), z.string()).nullish() })
    .nullish(),
});

/** Undefined when the registry holds nothing under the tag. */
export async function readImage(
  session: RegistrySession,
  question: { tag: string; labels: boolean },
): Promise<RegistryImage | undefined> {
  const { tag } = question;
  const answer = await manifest(session, tag).catch(error => {
    if (error instanceof RegistryError && error.status === 404) {
      return undefined;
    }
    throw error;
  });
  if (!answer) {
    return undefined;
  }
  const digest = answer.headers.get('docker-content-digest') ?? undefined;
  const index = indexSchema.safeParse(answer.document);
  if (!index.success) {
    const config = await readConfig(session, tag, answer.document);
    return {
      digest,
      platforms: [platformName(config)],
      labels: question.labels ? config.config?.Labels ?? {} : {},
    };
  }
  const entries = index.data.manifests.flatMap(entry =>
    // Attestations are listed as images of an unknown platform.
    entry.platform && entry.platform.os !== 'unknown'
      ? [{ digest: entry.digest, name: platformName(entry.platform) }]
      : [],
  );
  const labels =
    question.labels && entries.length > 0
      ? await readLabels(session, entries[0].digest)
      : {};
  const platforms = [...new Set(entries.map(({ name }) => name))].sort();
  return { digest, platforms, labels };
}

async function readLabels(
  session: RegistrySession,
  digest: string,
): Promise<Record<string, string>> {
  const { document } = await manifest(session, digest);
  const config = await readConfig(session, digest, document);
  return config.config?.Labels ?? {};
}

async function manifest(
  session: RegistrySession,
  reference: string,
): Promise<{ headers: Headers; document: unknown }> {
  const url = addressOf(session, `manifests/${reference}`);
  const { response, body } = await session.get(
    url,
    `read the manifest of ${reference}`,
    ACCEPT,
  );
  return { headers: response.headers, document: parseJson(body) };
}

async function readConfig(
  session: RegistrySession,
  reference: string,
  document: unknown,
): Promise<z.infer<typeof configSchema>> {
  const action = `read the configuration of ${reference}`;
  const parsed = manifestSchema.safeParse(document);
  if (!parsed.success) {
    throw nonsense(session, action, 'the answer is no manifest of an image');
  }
  const { digest } = parsed.data.config;
  const url = addressOf(session, `blobs/${digest}`);
  const { body } = await session.get(url, action, '*/*');
  const config = configSchema.safeParse(parseJson(body));
  if (!config.success) {
    throw nonsense(session, action, 'the answer is no image configuration');
  }
  return config.data;
}

function addressOf(session: RegistrySession, path: string): URL {
  return new URL(`/v2/${session.repository.name}/${path}`, session.origin);
}

function platformName(platform: {
  os: string;
  architecture: string;
  variant?: string;
}): string {
  const { os, architecture, variant } = platform;
  // Every arm64 is v8; nodes do not tell it.
  return architecture === 'arm64' || !variant
    ? `${os}/${architecture}`
    : `${os}/${architecture}/${variant}`;
}

function nonsense(session: RegistrySession, action: string, words: string) {
  return new RegistryError({
    repository: session.repository.source,
    action,
    words,
  });
}

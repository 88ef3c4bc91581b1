import { NotFoundError } from '@backstage/errors';
import { z } from 'zod';
import type { SourceAnswer } from './types';

const definitionSchema = z.object({
  spec: z.object({
    versions: z.array(
      z.object({
        served: z.boolean().optional(),
        storage: z.boolean().optional(),
        schema: z
          .object({
            openAPIV3Schema: z.object({
              properties: z.object({
                spec: z.object({
                  properties: z.object({
                    version: z.object({
                      description: z.string().optional(),
                      enum: z.array(z.string()),
                    }),
                  }),
                }),
              }),
            }),
          })
          // Older versions of the kind may have no such field.
          .optional()
          .catch(undefined),
      }),
    ),
  }),
});

/**
 * What a Sail operator installs, read from its CRD `istios.sailoperator.io`:
 * the enum of `spec.version` holds every name it knows, those past their end
 * of life too; the field's description lists only those it installs. Names
 * lose their leading `v`, as images have none.
 *
 * @throws NotFoundError when the definition lists no versions.
 */
export function operatorVersions(definition: unknown): SourceAnswer {
  const parsed = definitionSchema.safeParse(definition);
  const versions = parsed.success ? parsed.data.spec.versions : [];
  const field = [...versions]
    .sort((a, b) => Number(b.storage ?? false) - Number(a.storage ?? false))
    .map(each => each.schema?.openAPIV3Schema.properties.spec.properties)
    .find(properties => properties !== undefined)?.version;
  if (!field) {
    throw new NotFoundError(
      'CustomResourceDefinition istios.sailoperator.io lists no versions in the enum of spec.version',
    );
  }
  const listed = namesInDescription(field.description);
  const known = new Set(field.enum);
  // A description that fits no name of the enum says nothing about them.
  const isAbout = listed.some(name => known.has(name));
  const installs = isAbout
    ? field.enum.filter(name => listed.includes(name))
    : field.enum;
  return {
    tags: installs.map(bare),
    retired: field.enum.filter(name => !installs.includes(name)).map(bare),
  };
}

function namesInDescription(description = ''): string[] {
  const list = /Must be one of:\s*([^\n]*)/i.exec(description)?.[1] ?? '';
  return list
    .split(/[\s,]+/)
    .map(name => name.replace(/\.$/, ''))
    .filter(Boolean);
}

function bare(name: string): string {
  return name.replace(/^v(?=\d)/, '');
}

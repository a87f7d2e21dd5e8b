import type { Files, Importer } from '../model.ts';
import type { DockerCommands } from '../package-managers/adapter.ts';
import { isInside } from '../paths.ts';

/** An address of no database: `prisma generate` asks for one and connects to none. */
const placeholder = `DATABASE_URL="$\{DATABASE_URL:-postgresql://localhost:5432/none}"`;

/**
 * `prisma generate` for each package of the closure that holds a schema and depends on Prisma, where none of the scripts that run anyway
 * generates: the install has no schema yet, so its own attempt makes an empty client.
 */
export function generatePrisma(members: readonly Importer[], files: Files, commands: DockerCommands): string[] {
  const owners = members.filter(({ manifest }) => dependsOnPrisma(manifest));
  return owners.flatMap((importer) => {
    const inner = owners.filter(({ id }) => id !== importer.id && isInside(id, importer.id));
    const own = files.list.filter(({ path }) => isInside(path, importer.id) && !inner.some(({ id }) => isInside(path, id)));
    if (!own.some(({ path }) => path.endsWith('.prisma')) || generates(importer)) return [];
    return [`export ${placeholder}`, commands.runBin(importer, ['prisma', 'generate'])];
  });
}

function dependsOnPrisma({ dependencies, devDependencies }: Importer['manifest']): boolean {
  return [dependencies, devDependencies].some((map) => map?.prisma !== undefined || map?.['@prisma/client'] !== undefined);
}

function generates({ manifest: { scripts = {} } }: Importer): boolean {
  return ['preinstall', 'install', 'postinstall', 'prepare', 'prebuild', 'build'].some((name) => /\bprisma\s+generate\b/.test(scripts[name] ?? ''));
}

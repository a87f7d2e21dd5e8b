import type { FileEntry, Files, Importer } from '../model.ts';
import type { DockerCommands } from '../package-managers/adapter.ts';
import { isInside } from '../paths.ts';

/** An address of no database: `prisma generate` asks for one and connects to none. */
const placeholder = `DATABASE_URL="$\{DATABASE_URL:-postgresql://localhost:5432/none}"`;

/**
 * The packages of the closure that hold a schema and depend on Prisma, where none of the scripts that run anyway generates: the install
 * has no schema yet, so its own attempt makes an empty client. Where Prisma finds no schema without being told, as one of several, a
 * script of the repository's has to tell it.
 */
export function withoutPrismaClient(members: readonly Importer[], files: Files): Importer[] {
  const owners = members.filter(({ manifest }) => dependsOnPrisma(manifest));
  return owners.filter((importer) => {
    const inner = owners.filter(({ id }) => id !== importer.id && isInside(id, importer.id));
    const own = files.list.filter(({ path }) => isInside(path, importer.id) && !inner.some(({ id }) => isInside(path, id)));
    return findsSchema(importer, own, files) && !generates(importer);
  });
}

export function generatePrisma(importer: Importer, commands: DockerCommands): string[] {
  return [`export ${placeholder}`, commands.runBin(importer, ['prisma', 'generate'])];
}

/** In its default places, in the manifest, or where its config names one. */
function findsSchema({ id, manifest }: Importer, own: readonly FileEntry[], files: Files): boolean {
  const paths = own.map(({ path }) => (id === '.' ? path : path.slice(id.length + 1)));
  if (!paths.some((path) => path.endsWith('.prisma'))) return false;
  const configs = paths.filter((path) => /^(\.config\/)?prisma(\.config)?\.[cm]?[jt]s$/.test(path));
  return (
    paths.some((path) => path === 'schema.prisma' || path === 'prisma/schema.prisma') ||
    (manifest.prisma as { schema?: unknown } | undefined)?.schema !== undefined ||
    configs.some((path) => /\bschema\b/.test(files.read(id === '.' ? path : `${id}/${path}`) ?? ''))
  );
}

function dependsOnPrisma({ dependencies, devDependencies }: Importer['manifest']): boolean {
  return [dependencies, devDependencies].some((map) => map?.prisma !== undefined || map?.['@prisma/client'] !== undefined);
}

function generates({ manifest: { scripts = {} } }: Importer): boolean {
  return ['preinstall', 'install', 'postinstall', 'prepare', 'prebuild', 'build'].some((name) => /\bprisma\s+generate\b/.test(scripts[name] ?? ''));
}

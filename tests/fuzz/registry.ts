import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type InventedPackage, programOf } from './invented.ts';
import { packTarball } from './tar.ts';

/** Invented packages behind HTTP, one set for each path, so that many repositories share a server and none sees another's packages. */
export interface InventedRegistry {
  /** Serves packages; returns the address of their registry, with a slash at the end. */
  serve(packages: readonly InventedPackage[]): string;
  close(): Promise<void>;
}

interface Served {
  readonly documents: ReadonlyMap<string, string>;
  readonly tarballs: ReadonlyMap<string, Buffer>;
}

export async function startRegistry(): Promise<InventedRegistry> {
  const sets: Served[] = [];
  const server = createServer((request, response) => {
    const [, number = '', path = ''] = /^\/(\d+)\/([^?]*)/.exec(request.url ?? '') ?? [];
    answer(response, sets[Number(number)], decodeURIComponent(path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    serve(packages) {
      const url = `${address}/${sets.length}/`;
      sets.push(publish(packages, url));
      return url;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answer(response: ServerResponse, served: Served | undefined, path: string): void {
  const found = served?.documents.get(path) ?? served?.tarballs.get(path);
  const type = typeof found === 'string' ? 'application/json' : 'application/octet-stream';
  response.writeHead(found === undefined ? 404 : 200, { 'content-type': found === undefined ? 'application/json' : type });
  response.end(found ?? '{"error":"not found"}');
}

function publish(packages: readonly InventedPackage[], url: string): Served {
  const tarballs = new Map<string, Buffer>();
  const versions = new Map<string, Record<string, unknown>>();
  for (const manifest of packages) {
    const path = `${manifest.name}/-/${manifest.name.replace(/^@.*\//, '')}-${manifest.version}.tgz`;
    const tarball = tarballOf(manifest, packages);
    tarballs.set(path, tarball);
    const dist = { tarball: url + path, shasum: digest('sha1', tarball, 'hex'), integrity: `sha512-${digest('sha512', tarball, 'base64')}` };
    versions.set(manifest.name, { ...versions.get(manifest.name), [manifest.version]: { ...manifest, dist } });
  }
  return { tarballs, documents: new Map([...versions].map(([name, known]) => [name, JSON.stringify(document(name, known))])) };
}

/** Every version was released long ago: no manager's minimum age holds it back. */
function document(name: string, versions: Readonly<Record<string, unknown>>) {
  const known = Object.keys(versions);
  const stable = known.filter((version) => !version.includes('-'));
  const time = Object.fromEntries(['created', 'modified', ...known].map((key) => [key, '2020-01-01T00:00:00.000Z']));
  return { name, 'dist-tags': { latest: stable.at(-1) ?? known.at(-1) }, versions, time };
}

/** A bundling package brings the newest version of each bundled one, as if it had been packed with it installed. */
function tarballOf(manifest: InventedPackage, packages: readonly InventedPackage[]): Buffer {
  const programs = Object.values(typeof manifest.bin === 'object' ? manifest.bin : {});
  const bundled = (manifest.bundleDependencies ?? []).flatMap((name) => packages.filter((each) => each.name === name).at(-1) ?? []);
  return packTarball(
    {
      ...filesOf(manifest),
      ...Object.fromEntries(programs.map((path) => [path, `#!/usr/bin/env node\nconsole.log('${manifest.name}');\n`])),
      ...Object.fromEntries(
        bundled.flatMap((each) => Object.entries(filesOf(each)).map(([path, text]) => [`node_modules/${each.name}/${path}`, text])),
      ),
    },
    new Set(programs),
  );
}

function filesOf({ deprecated: _, ...manifest }: InventedPackage): Record<string, string> {
  return { 'package.json': `${JSON.stringify(manifest, null, 2)}\n`, 'index.js': programOf(manifest) };
}

function digest(algorithm: string, content: Buffer, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(content).digest(encoding);
}

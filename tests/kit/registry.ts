import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A registry that has one package alone: what `npm pack` makes of a folder, as it would be published. */
export async function registryOf(folder: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const packed = mkdtempSync(join(tmpdir(), 'stowage-packed-'));
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', `--pack-destination=${packed}`], { cwd: folder, encoding: 'utf8' }));
  const tarball = readFileSync(join(packed, filename));
  rmSync(packed, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const server = createServer((request, response) => {
    if (request.url === '/package.tgz') return response.end(tarball);
    if (request.url !== `/${manifest.name}`) return response.writeHead(404).end();
    const { name, version } = manifest;
    const dist = { tarball: `http://${request.headers.host}/package.tgz` };
    return response.setHeader('content-type', 'application/json').end(JSON.stringify({ name, versions: { [version]: { ...manifest, dist } } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: urlOf(server), close: () => closed(server) };
}

/** A registry that passes requests on to the machine's own and keeps the names of packages that were asked for. */
export interface RecordingRegistry {
  readonly url: string;
  readonly asked: ReadonlySet<string>;
  close(): Promise<void>;
}

export async function recordingRegistry(): Promise<RecordingRegistry> {
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, '');
  const asked = new Set<string>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const name = /^\/((?:@[^/]+(?:\/|%2f))?[^/?]+)/i.exec(path)?.[1];
    if (name !== undefined && !name.startsWith('-')) asked.add(decodeURIComponent(name));
    const answer = await fetch(upstream + path, { headers: { accept: request.headers.accept ?? '*/*' } });
    const type = answer.headers.get('content-type');
    response.writeHead(answer.status, type === null ? {} : { 'content-type': type });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: urlOf(server),
    asked,
    close: () => closed(server),
  };
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
}

import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

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
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

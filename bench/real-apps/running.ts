import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Container } from '../../tests/kit/engine.ts';
import { type MadeImage, makeImage } from './made-images.ts';

/** An image under test, its containers and the services beside them: all stopped by `close`. */
export class Running {
  readonly image: string;
  readonly #ids: string[] = [];
  readonly #hosts: string[] = [];

  constructor(image: string) {
    this.image = image;
  }

  /** Starts a service, which the app reaches by its name, and waits until it listens. */
  async service(name: keyof typeof servicePorts): Promise<void> {
    const id = docker(['run', '--detach', makeImage(name)]);
    this.#ids.push(id);
    const address = docker(['inspect', '--format={{.NetworkSettings.Networks.bridge.IPAddress}}', id]);
    this.#hosts.push(`--add-host=${name}:${address}`);
    for (let attempt = 0; !(await listens(address, servicePorts[name])); attempt++) {
      if (attempt === 120) throw new Error(`${name} does not listen:\n${docker(['logs', id])}`);
      await setTimeout(500);
    }
  }

  /** Starts the app; `port` is where it listens. */
  start(port: number, env: Readonly<Record<string, string>> = {}, ...options: string[]): Container {
    const container = Container.start(
      this.image,
      port,
      ...this.#hosts,
      ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
      ...options,
    );
    this.#ids.push(container.id);
    return container;
  }

  /** What the image prints when it runs to its end, with these words after its entry point. */
  run(options: readonly string[], ...words: string[]): string {
    return docker(['run', '--rm', ...this.#hosts, ...options, this.image, ...words]);
  }

  close(): void {
    this.#hosts.length = 0;
    if (this.#ids.length > 0) docker(['rm', '--force', '--volumes', ...this.#ids.splice(0)]);
  }
}

/** Asks for a path and says what came; throws where another status stays, as an app may listen before it knows its routes. */
export async function expectStatus(container: Container, path: string, status: number): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const response = await container.get(path);
    const text = await response.text();
    if (response.status === status) return text;
    if (attempt === 20) throw new Error(`${path} answers ${response.status}, not ${status}: ${text.slice(0, 500)}`);
    await setTimeout(500);
  }
}

/** A page and the first script that it names. */
export async function expectPage(container: Container, path: string): Promise<string> {
  const page = await expectStatus(container, path, 200);
  const script = /(?:src|href)="([^"]+\.js)"/.exec(page)?.[1];
  if (script === undefined) throw new Error(`${path} names no script: ${page.slice(0, 500)}`);
  await expectStatus(container, new URL(script, `http://app${path}`).pathname, 200);
  return `${path} and its script 200`;
}

const servicePorts = { redis: 6379, postgres: 5432, answers: 80 } as const satisfies Partial<Record<MadeImage, number>>;

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    for (const event of ['error', 'timeout'] as const) socket.once(event, () => end(false));
  });
}

function docker(args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', maxBuffer: 1 << 26 }).trim();
}

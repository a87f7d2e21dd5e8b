import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { Container } from '../../tests/kit/engine.ts';

/** Dockerfiles of the services that apps need: nothing but Node and Debian's packages. */
const services = {
  redis: `FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends redis-server
USER redis
CMD ["redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--save", "", "--dir", "/tmp"]
`,
  postgres: `FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-15
USER postgres
RUN /usr/lib/postgresql/15/bin/initdb --auth=trust /tmp/data && echo 'host all all all trust' >>/tmp/data/pg_hba.conf
CMD ["/usr/lib/postgresql/15/bin/postgres", "-D", "/tmp/data", "-c", "listen_addresses=*"]
`,
  answers: `FROM node:22-slim
CMD ["node", "-e", "require('http').createServer((_, answer) => answer.end('{}')).listen(80)"]
`,
} as const;

const network = 'stowage-real-apps';

/** An image under test, its containers and the services beside them: all stopped by `close`. */
export class Running {
  readonly image: string;
  readonly #ids: string[] = [];

  constructor(image: string) {
    this.image = image;
  }

  /** Starts a service, which the app reaches by its name. */
  async service(name: keyof typeof services): Promise<void> {
    const image = `stowage-real-apps/${name}`;
    docker(['build', '--quiet', `--tag=${image}`, '-'], services[name]);
    if (!docker(['network', 'ls', '--format={{.Name}}']).split('\n').includes(network)) docker(['network', 'create', network]);
    this.#ids.push(docker(['run', '--detach', `--network=${network}`, `--network-alias=${name}`, image]));
    await setTimeout(2000);
  }

  /** Starts the app; `port` is where it listens. */
  start(port: number, env: Readonly<Record<string, string>> = {}, ...options: string[]): Container {
    const container = Container.start(
      this.image,
      port,
      ...this.#inNetwork(),
      ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
      ...options,
    );
    this.#ids.push(container.id);
    return container;
  }

  /** What the image prints when it runs to its end, with these words after its entry point. */
  run(options: readonly string[], ...words: string[]): string {
    return docker(['run', '--rm', ...this.#inNetwork(), ...options, this.image, ...words]);
  }

  #inNetwork(): string[] {
    return this.#ids.length > 0 ? [`--network=${network}`] : [];
  }

  close(): void {
    if (this.#ids.length > 0) docker(['rm', '--force', '--volumes', ...this.#ids.splice(0)]);
  }
}

/** Asks for a path and says what came; throws for another status. */
export async function expectStatus(container: Container, path: string, status: number): Promise<string> {
  const response = await container.get(path);
  const text = await response.text();
  if (response.status !== status) throw new Error(`${path} answers ${response.status}, not ${status}: ${text.slice(0, 500)}`);
  return text;
}

/** A page and the first script that it names. */
export async function expectPage(container: Container, path: string): Promise<string> {
  const page = await expectStatus(container, path, 200);
  const script = /(?:src|href)="([^"]+\.js)"/.exec(page)?.[1];
  if (script === undefined) throw new Error(`${path} names no script: ${page.slice(0, 500)}`);
  await expectStatus(container, new URL(script, `http://app${path}`).pathname, 200);
  return `${path} and its script 200`;
}

function docker(args: readonly string[], input?: string): string {
  return execFileSync('docker', args, { encoding: 'utf8', input: input ?? '', maxBuffer: 1 << 26 }).trim();
}

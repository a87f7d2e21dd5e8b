import type { AppConfig } from '../config/schema.ts';
import { ErrorCode, StowageError } from '../errors.ts';
import type { AppPlan, ServerPlan } from '../presets/preset.ts';

export const staticServerImage = 'nginxinc/nginx-unprivileged:stable';

/**
 * The image that a config has in place of one of Stowage's: by its whole name, or by its repository or registry, whose rest is kept. The longest key
 * counts; `docker.io` is where images without a registry come from.
 */
export function replacedImage(image: string, { baseImages = {} }: AppConfig): string {
  const whole = /^[^/]+\.[^/]+\//.test(image) ? image : `docker.io/${image.includes('/') ? '' : 'library/'}${image}`;
  const keys = Object.keys(baseImages).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  for (const key of keys) {
    for (const name of [image, whole]) {
      const rest = name.startsWith(key) ? name.slice(key.length) : undefined;
      if (rest !== undefined && /^(?:[:/]|$)/.test(rest)) return baseImages[key] + rest;
    }
  }
  return image;
}

/** The system that an app is built and run in. */
export interface System {
  /** Image of the stages that install and build: the running image's libraries, and a shell. */
  readonly base: string;
  readonly runtime: string;
  /** Who runs the app, as `USER` and `chown` take it. */
  readonly user: string;
  /** Whether the running image has a shell and a package manager of the system's. */
  readonly shell: boolean;
  /** Words in place of `node`, where the image has it off the PATH. */
  readonly node: string;
  /** The init process: a package of the system's, and the program in it. */
  readonly init: { readonly package: string; readonly path: string };
  /** Commands that install packages and keep nothing of the archive's lists, nor what a base image lets apt make of them. */
  install(packages: readonly string[]): string[];
}

/**
 * Debian's slim Node image; distroless, which holds Node and its libraries alone; or Alpine, which has another C library. A program whose
 * engine is one file of its own runs on plain Debian.
 * @throws StowageError InvalidConfig where the app cannot run there
 */
export function systemOf(config: AppConfig, plan: AppPlan, major: number, resolutions: readonly { readonly name: string }[]): System {
  const { runtime = 'slim', browsers = [] } = config;
  if (plan.kind === 'static') return slim(major);
  if (plan.engine !== undefined) return engineSystem(plan.engine.name, runtime, browsers, major);
  if (runtime === 'slim') return slim(major);
  return runtime === 'alpine' ? alpine(major, resolutions) : distroless(major, config, plan);
}

function slim(major: number): System {
  return {
    base: `node:${major}-slim`,
    runtime: `node:${major}-slim`,
    user: 'node',
    shell: true,
    node: 'node',
    init: { package: 'tini', path: '/usr/bin/tini' },
    install: (packages) => [
      'apt-get update',
      `apt-get install --yes --no-install-recommends ${packages.join(' ')}`,
      'rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin',
    ],
  };
}

function engineSystem(engine: string, runtime: string, browsers: readonly string[], major: number): System {
  if (browsers.length > 0) {
    throw new StowageError(ErrorCode.InvalidConfig, `An image for ${engine} has no npm, which installs "browsers".`, {
      where: { key: 'browsers' },
      hint: 'Take a browser of the system: "runtimePackages": ["chromium"].',
    });
  }
  if (runtime !== 'slim') throw refused(runtime, `the app runs on ${engine}`);
  return { ...slim(major), runtime: 'debian:bookworm-slim', user: '1000:1000' };
}

function alpine(major: number, resolutions: readonly { readonly name: string }[]): System {
  const glibc = glibcPackage(resolutions);
  if (glibc !== undefined) throw refused('alpine', `${glibc} has no build for its C library (musl)`);
  return {
    ...slim(major),
    base: `node:${major}-alpine`,
    runtime: `node:${major}-alpine`,
    init: { package: 'tini', path: '/sbin/tini' },
    install: (packages) => [`apk add --no-cache ${packages.join(' ')}`],
  };
}

function distroless(major: number, { browsers = [], beforeStart, runtimePackages = [] }: AppConfig, { command }: ServerPlan): System {
  const trouble = (why: string, mend: string): StowageError => refused('distroless', why, `${mend}, or ${takeSlim}`);
  if (command !== undefined && command[0] !== 'node') {
    throw trouble(`it has no shell, and the app starts by \`${command.join(' ')}\``, 'Give the command as "start", its first word node');
  }
  if (browsers.length > 0) throw trouble('it takes no "browsers"', 'Leave "browsers" out');
  if (beforeStart !== undefined) throw trouble('it has no shell for "beforeStart"', 'Run that command elsewhere');
  if (runtimePackages.length > 0) throw trouble('it takes no "runtimePackages"', 'Leave "runtimePackages" out');
  return {
    ...slim(major),
    base: `node:${major}-bookworm-slim`,
    runtime: `gcr.io/distroless/nodejs${major}-debian12:nonroot`,
    user: '65532:65532',
    shell: false,
    node: '/nodejs/bin/node',
    init: { package: 'tini', path: '/usr/bin/tini-static' },
  };
}

/** A package of the lockfile that comes compiled for glibc and not for musl, or whose programs need glibc. */
function glibcPackage(resolutions: readonly { readonly name: string }[]): string | undefined {
  const names = new Set(resolutions.map(({ name }) => name));
  const glibcPrograms = ['playwright', 'playwright-core'];
  return [...names].find((name) => glibcPrograms.includes(name) || (name.endsWith('linux-x64-gnu') && !names.has(name.replace(/gnu$/, 'musl'))));
}

const takeSlim = 'take "runtime": "slim".';

function refused(runtime: string, why: string, hint = 'Take "runtime": "slim".'): StowageError {
  return new StowageError(ErrorCode.InvalidConfig, `The app cannot run on ${runtime}: ${why}.`, { where: { key: 'runtime' }, hint });
}

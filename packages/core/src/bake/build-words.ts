import { parseArgs } from 'node:util';
import { ErrorCode, StowageError } from '../errors.ts';
import type { BakeTarget } from './definition.ts';

/** What options of `docker buildx build` say of every target, and the words that are left: options of `docker buildx bake`. */
export interface BuildWords {
  readonly settings: Omit<BakeTarget, 'context'>;
  readonly rest: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;
type Apply = (settings: Settings, value: string, environment: Environment) => void;
type Settings = { -readonly [Key in keyof BuildWords['settings']]: BuildWords['settings'][Key] };
type KeysOf<T> = {
  [Key in keyof Settings]-?: NonNullable<Settings[Key]> extends T ? (T extends NonNullable<Settings[Key]> ? Key : never) : never;
}[keyof Settings];

const listed = (key: KeysOf<readonly string[]>, split = false): Apply => {
  return (settings, value) => {
    settings[key] = [...(settings[key] ?? []), ...(split ? value.split(',') : [value])];
  };
};
const mapped = (key: KeysOf<Readonly<Record<string, string>>>, separator = /=/): Apply => {
  return (settings, value) => {
    const at = value.search(separator);
    settings[key] = { ...settings[key], [at === -1 ? value : value.slice(0, at)]: at === -1 ? '' : value.slice(at + 1) };
  };
};
const single = (key: KeysOf<string>): Apply => {
  return (settings, value) => {
    settings[key] = value;
  };
};

/** Options with a value, by name, and what each sets. */
const withValue: Readonly<Record<string, Apply>> = {
  'add-host': mapped('extra-hosts', /[=:]/),
  annotation: listed('annotations'),
  attest: listed('attest'),
  'build-arg': (settings, value, environment) => {
    const found = value.includes('=') ? value : environment[value] === undefined ? undefined : `${value}=${environment[value]}`;
    if (found !== undefined) mapped('args')(settings, found, environment);
  },
  'build-context': mapped('contexts'),
  'cache-from': listed('cache-from'),
  'cache-to': listed('cache-to'),
  label: mapped('labels'),
  network: single('network'),
  'no-cache-filter': listed('no-cache-filter', true),
  output: listed('output'),
  platform: listed('platforms', true),
  provenance: (settings, value, environment) => listed('attest')(settings, attestation('provenance', value), environment),
  sbom: (settings, value, environment) => listed('attest')(settings, attestation('sbom', value), environment),
  secret: listed('secret'),
  'shm-size': single('shm-size'),
  ssh: listed('ssh'),
  tag: listed('tags'),
  target: single('target'),
  ulimit: listed('ulimits'),
};
const switches: Readonly<Record<string, 'pull' | 'no-cache'>> = { pull: 'pull', 'no-cache': 'no-cache' };

/** What bake has no word for, and what to say in its place. */
const refused: Readonly<Record<string, string>> = {
  file: 'What is built is the Dockerfile that Stowage writes. `stowage dockerfile` prints it; docs/config.md says what changes it.',
  iidfile: '`--metadata FILE` writes the digests of the images.',
  'cgroup-parent': 'Set it for the builder.',
  quiet: '`stowage --quiet` prints warnings and errors alone.',
};

const options = {
  ...Object.fromEntries(Object.keys(withValue).map((name) => [name, { type: 'string' as const, multiple: true }])),
  ...Object.fromEntries(Object.keys(switches).map((name) => [name, { type: 'boolean' as const }])),
  output: { type: 'string' as const, multiple: true, short: 'o' },
  tag: { type: 'string' as const, multiple: true, short: 't' },
  file: { type: 'string' as const, short: 'f' },
  iidfile: { type: 'string' as const },
  'cgroup-parent': { type: 'string' as const },
  quiet: { type: 'boolean' as const, short: 'q' },
};

/**
 * Reads options of `docker buildx build` (0.29) as settings of bake targets, so that one app and many are built one way. A build argument
 * without a value takes it from the environment, as buildx does.
 * @throws StowageError Usage for an option that bake cannot express
 */
export function parseBuildWords(words: readonly string[], environment: Environment): BuildWords {
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const settings: Settings = {};
  const rest: string[] = [];
  for (const token of tokens) {
    if (token.kind !== 'option') {
      rest.push(words[token.index] as string);
      continue;
    }
    const { name, rawName, value } = token;
    const apply = withValue[name];
    const key = switches[name];
    if (refused[name] !== undefined) throw new StowageError(ErrorCode.Usage, `${rawName} cannot be given to buildx here.`, { hint: refused[name] });
    if (key !== undefined) settings[key] = value !== 'false';
    else if (apply === undefined) rest.push(words[token.index] as string);
    else if (value === undefined) throw new StowageError(ErrorCode.Usage, `${rawName} needs a value.`);
    else apply(settings, value, environment);
  }
  return { settings, rest };
}

/** `--provenance=false` and `--provenance=mode=max` as `--attest` would be given. */
function attestation(type: string, value: string): string {
  if (value === 'false') return `type=${type},disabled=true`;
  return value === 'true' ? `type=${type}` : `type=${type},${value}`;
}

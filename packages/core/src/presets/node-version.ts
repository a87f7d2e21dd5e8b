import { intersects, minVersion, satisfies, validRange } from 'semver';
import type { Diagnostic, Importer, Manifest } from '../model.ts';
import type { AppFacts } from './preset.ts';

/** Majors with long-term support that base images exist for, the one to prefer first, and their names in `.nvmrc`. */
const majors = [24, 22, 20];
const releaseNames: Readonly<Record<string, number>> = { krypton: 24, jod: 22, iron: 20, '*': majors[0] as number };

export interface NodeVersion {
  readonly major: number;
  /** The file, with the key inside it, that tells it. */
  readonly source: string;
  /** What is wrong with what tells it. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Majors that an image may be expected of. */
const [oldest, newest] = [18, 27];

/**
 * The Node major of an image: the config's, else that of a file or field that names one (app, then root: `.nvmrc`, `.node-version`, mise,
 * asdf, volta, `devEngines.runtime`), else the newest with long-term support that `engines.node` of app and root allow, else the lowest they allow.
 */
export function nodeVersion({ config, importer, root, files }: AppFacts): NodeVersion {
  if (config.node !== undefined) return { major: config.node, source: 'config', diagnostics: [] };
  const places = importer.id === '.' ? [root] : [importer, root];
  for (const place of places) {
    for (const { source, text } of namedBy(place, (path) => files.read(path))) {
      const major = majorOf(text);
      if (major !== undefined) return { major, source, diagnostics: strange(major, source) };
    }
  }
  const told = places.flatMap((place) => {
    const range = (place.manifest.engines as { node?: string } | undefined)?.node;
    return range === undefined ? [] : [{ range, source: `${pathIn(place, 'package.json')} (engines.node)` }];
  });
  const ranges = told.filter(({ range }) => validRange(range) !== null);
  const others = ranges.flatMap(({ range }) => minVersion(range)?.major ?? []);
  const allowed = [...majors, ...others].find((major) => ranges.every(({ range }) => allows(range, major)));
  const [first] = ranges;
  const major = allowed ?? (majors[0] as number);
  const source = allowed === undefined ? 'default' : (first?.source ?? 'default');
  const noRanges = told
    .filter((each) => !ranges.includes(each))
    .map(({ range, source }) => warning(source, `is no range of versions: "${range}"`, major));
  const none =
    allowed === undefined ? ranges.map((each) => warning(each.source, `asks for ${each.range}, which no Node is that all ranges allow`, major)) : [];
  return { major, source, diagnostics: [...noRanges, ...none.slice(0, 1), ...(source === 'default' ? [] : strange(major, source))] };
}

function strange(major: number, source: string): Diagnostic[] {
  return major >= oldest && major <= newest ? [] : [warning(source, `asks for Node ${major}, for which there may be no image`, major)];
}

function warning(source: string, problem: string, major: number): Diagnostic {
  return {
    level: 'warning',
    code: 'node-version-unfit',
    message: `${source} ${problem}: Node ${major} is taken.`,
    file: source.replace(/ \(.*/, ''),
    hint: 'Correct it, or set "node" in the config.',
  };
}

interface Naming {
  readonly source: string;
  readonly text: string | undefined;
}

/** What a package's folder says of Node, surest first. */
function namedBy(place: Importer, read: (path: string) => string | undefined): Naming[] {
  const file = (name: string, find: (text: string) => string | undefined = (text) => text): Naming => {
    const path = pathIn(place, name);
    const text = read(path);
    return { source: path, text: text === undefined ? undefined : find(text) };
  };
  const { volta, devEngines } = place.manifest;
  return [
    file('.nvmrc'),
    file('.node-version'),
    ...['mise.toml', '.mise.toml', '.config/mise.toml'].map((name) => file(name, miseNode)),
    file('.tool-versions', (text) => /^\s*nodejs\s+(\S+)/m.exec(text)?.[1]),
    { source: `${pathIn(place, 'package.json')} (volta.node)`, text: (volta as { node?: string } | undefined)?.node },
    { source: `${pathIn(place, 'package.json')} (devEngines.runtime)`, text: runtimeOf(devEngines) },
  ];
}

/** `24` of `v24.1.0`, `24`, `lts/krypton`. */
function majorOf(text: string | undefined): number | undefined {
  const word = (text ?? '').replace(/#.*$/gm, '').trim();
  const major = /^v?(\d+)(?:\.|\s|$)/.exec(word)?.[1];
  return major === undefined ? releaseNames[/^lts\/(\S+)/i.exec(word)?.[1]?.toLowerCase() ?? ''] : Number(major);
}

/** `node = "24"`, `nodejs = ["24.1"]` or `node = { version = "24" }` among mise's tools. */
function miseNode(toml: string): string | undefined {
  const tools = /^\s*\[tools\]\s*$([\s\S]*?)(?=^\s*\[|(?![\s\S]))/m.exec(toml)?.[1];
  return /^\s*(?:node|nodejs|"core:node")\s*=\s*(?:\[\s*|\{\s*version\s*=\s*)?["']([^"']+)["']/m.exec(tools ?? '')?.[1];
}

function allows(range: string, major: number): boolean {
  return satisfies(`${major}.999.0`, range) || intersects(range, `${major}.x`);
}

function runtimeOf(devEngines: Manifest['devEngines']): string | undefined {
  const runtimes = [(devEngines as { runtime?: unknown } | undefined)?.runtime].flat() as ({ name?: string; version?: string } | undefined)[];
  return runtimes.find((runtime) => runtime?.name === 'node')?.version?.replace(/^[\^~]|^>=/, '');
}

function pathIn({ id }: Importer, name: string): string {
  return id === '.' ? name : `${id}/${name}`;
}

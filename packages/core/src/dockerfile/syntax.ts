/** The only place that knows how a Dockerfile is written. */

/** One `RUN`: mounts, then commands joined by `&&`, each on its own line. */
export function run(commands: readonly string[], mounts: readonly string[] = []): string {
  const lines = [...mounts.map((mount) => `--mount=${mount}`), commands.join(' \\\n && ')];
  return `RUN ${lines.join(' \\\n    ')}`;
}

/** One `RUN` whose shell command reads a text from its standard input. */
export function runWithInput(command: string, text: string, mounts: readonly string[] = []): string {
  const mark = 'END';
  return `${run([`${command} <<'${mark}'`], mounts)}\n${text.trimEnd()}\n${mark}`;
}

/** A file made from a text. */
export function copyText(text: string, target: string): string {
  return `COPY --chmod=644 <<'END' ${target}\n${text.trimEnd()}\nEND`;
}

/** In the exec form where a path would else be several words. */
export function copyFrom(stage: string, source: string, target: string, owner?: string): string {
  const paths = [source, target];
  const written = paths.some((path) => /[\s"'\\]/.test(path)) ? JSON.stringify(paths) : paths.join(' ');
  return `COPY --from=${stage} ${owner === undefined ? '' : `--chown=${owner} `}${written}`;
}

/** One `ENV` for all variables, sorted as given; none where there are none. */
export function env(variables: Readonly<Record<string, string>>): string[] {
  const pairs = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`);
  return pairs.length === 0 ? [] : [`ENV ${pairs.join(' \\\n    ')}`];
}

/** Build arguments that are environment of the stage too. */
export function args(defaults: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(defaults);
  if (names.length === 0) return [];
  return [...names.map((name) => `ARG ${name}=${quoted(defaults[name] ?? '')}`), `ENV ${names.map((name) => `${name}=$${name}`).join(' \\\n    ')}`];
}

/** The exec form: words, no shell. */
export function words(instruction: 'CMD' | 'ENTRYPOINT' | 'VOLUME', command: readonly string[]): string {
  return `${instruction} [${command.map((word) => JSON.stringify(word)).join(', ')}]`;
}

/** A command that a shell runs once another one has succeeded, in its place. What that one sets stays; where it goes does not. */
export function afterCommand(first: string, command: readonly string[]): readonly string[] {
  return ['sh', '-c', `folder=$PWD && ${first} && cd "$folder" && exec "$0" "$@"`, ...command];
}

/** A command that tells whether the app is well, once it has had time to start. */
export function healthcheck(command: readonly string[]): string {
  return `HEALTHCHECK --start-period=30s ${words('CMD', command)}`;
}

export function labels(values: Readonly<Record<string, string>>): string[] {
  const pairs = Object.keys(values)
    .sort()
    .map((name) => `${name}=${quoted(values[name] ?? '')}`);
  return pairs.length === 0 ? [] : [`LABEL ${pairs.join(' \\\n      ')}`];
}

export const cacheMount = (id: string, target: string, exclusive: boolean): string =>
  mount(`type=cache,id=${id},target=${target}${exclusive ? ',sharing=locked' : ''}`);
export const secretVariable = (name: string): string => `type=secret,id=${name},env=${name}`;
export const secretFile = (id: string, target: string): string => `type=secret,id=${id},target=${target}`;
export const bindContext = (target: string): string => `type=bind,target=${target}`;
export const bindFrom = (stage: string, target: string, source?: string): string =>
  `type=bind,from=${stage},${source === undefined ? '' : `source=${source},`}target=${target}`;

/** An option is one word. */
function mount(options: string): string {
  return /\s/.test(options) ? `"${options}"` : options;
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `"${value.replace(/["\\$]/g, '\\$&')}"`;
}

import type { Diagnostic, TextFile } from '../model.ts';
import { withoutByteOrderMark } from '../text.ts';
import { hasUserWrittenOut, isWrittenOut, literalCredential } from './literal-credential.ts';

/** Keys (after the registry they belong to) whose value lets whoever reads it in. */
const CREDENTIAL = /^(?:.*:)?(_authToken|_auth|_password|username|key)$/;
const REFERENCE = /(?<!\\)\$\{([A-Za-z_]\w*)(?:\?|:?-[^}]*)?\}/g;

/**
 * An .npmrc (ini) as it may lie in an image: without credentials written out in it, and without comments, which may hold old ones.
 * `secrets` are the environment variables it refers to (`${NPM_TOKEN}`), sorted. Each line left out is a diagnostic that names the key alone.
 */
export function sanitizeNpmrc(file: TextFile): { text: string; secrets: string[]; diagnostics: Diagnostic[] } {
  const lines = withoutByteOrderMark(file.text).split(/\r?\n/);
  const settings = lines.map(parseLine);
  const referenced = new Set(settings.filter((setting) => setting && refersToEnvironment(setting.value)).map((setting) => setting?.key));
  const kept: string[] = [];
  const secrets = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  settings.forEach((setting, index) => {
    if (!setting) return;
    const { key, value } = setting;
    // A user's name alone is no secret, and a password that comes from the environment is useless without it.
    const withPassword = key.endsWith('username') && referenced.has(key.replace(/username$/, '_password'));
    if ((CREDENTIAL.test(key) && !withPassword && isWrittenOut(value)) || hasUserWrittenOut(value)) {
      // what holds more than the credential is one variable as a whole
      const variable = CREDENTIAL.test(key) ? 'NPM_TOKEN' : key.toUpperCase().replace(/\W+/g, '_').replace(/^_/, '');
      diagnostics.push(literalCredential(file.path, index + 1, key, `${key}=\${${variable}}`));
      return;
    }
    for (const name of environmentReferences(`${key}=${value}`)) secrets.add(name);
    kept.push(lines[index] ?? '');
  });
  return { text: kept.map((line) => `${line}\n`).join(''), secrets: [...secrets].sort(), diagnostics };
}

/** Names of the environment variables that a text refers to as npm and pnpm write it: `${NAME}`, or `${NAME:-default}`. */
export function environmentReferences(text: string): string[] {
  return [...text.matchAll(REFERENCE)].map(([, name]) => name ?? '');
}

/** The values of one setting of an .npmrc, in order; `name[]=` counts as `name`. */
export function npmrcValues(text: string, name: string): string[] {
  return withoutByteOrderMark(text)
    .split(/\r?\n/)
    .map(parseLine)
    .flatMap((setting) => (setting && setting.key.replace(/\[\]$/, '') === name ? [setting.value.replace(/^(["'])(.*)\1$/, '$2')] : []));
}

function parseLine(line: string): { key: string; value: string } | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#') || text.startsWith(';')) return undefined;
  const at = text.indexOf('=');
  return at < 0 ? { key: text, value: 'true' } : { key: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}

function refersToEnvironment(value: string): boolean {
  return value.search(REFERENCE) >= 0;
}

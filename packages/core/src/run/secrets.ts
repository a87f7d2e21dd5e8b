import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Diagnostic, PlannedSecret } from '../model.ts';

const userRc = (): string => join(homedir(), '.npmrc');

/** What buildx mounts of a plan's secrets, as far as they are there: variables of the environment, and the user's own `~/.npmrc`. */
export function secretWords(secrets: readonly PlannedSecret[]): string[] {
  return secrets.filter(isThere).map((secret) => `id=${secret.id},${secret.from === 'environment' ? `env=${secret.id}` : `src=${userRc()}`}`);
}

/** Said before a build: what its installs are told to read and will not find. */
export function explainMissingSecrets(secrets: readonly PlannedSecret[]): Diagnostic[] {
  return secrets
    .filter((secret) => !isThere(secret))
    .map(({ id, from, usedBy }) => ({
      level: 'warning',
      code: 'secret-missing',
      message:
        usedBy === 'build'
          ? `The build reads ${id} as a secret, and the environment has none.`
          : from === 'environment'
            ? `The repository's settings read ${id} from the environment, where it is not set: a private registry will refuse the install.`
            : 'A credential was left out of the image, and there is no ~/.npmrc to mount in its place: a private registry will refuse the install.',
    }));
}

function isThere({ id, from }: PlannedSecret): boolean {
  return from === 'environment' ? (process.env[id] ?? '') !== '' : existsSync(userRc());
}

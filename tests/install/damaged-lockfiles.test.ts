import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PackageManagerId, type PackPlan, pack, readWorkspace, StowageError } from '@stowage/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterOf } from '../../packages/core/src/package-managers/list.ts';
import { type InventedRegistry, startRegistry } from '../fuzz/registry.ts';
import { releases } from '../fuzz/tools.ts';
import { buildProgram, stowage } from '../kit/cli.ts';
import { type Locked, lockInvented } from '../kit/packed-install.ts';
import { fixtureOf } from './damaged-fixture.ts';
import { damages } from './damages.ts';

let registry: InventedRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  await buildProgram();
});
afterAll(() => registry.close());

describe.each(Object.entries(damages))('a damaged lockfile of %s', (name, kinds) => {
  const id = name as PackageManagerId;
  let locked: Locked | undefined;
  let whole: PackPlan;
  beforeAll(async () => {
    locked = await lockInvented(fixtureOf(id, releases[id][0] ?? ''), registry);
    if (locked !== undefined) whole = await packed(locked.source);
  });
  afterAll(() => locked?.remove());

  const damagedWith = ({ source, folder }: Locked, { file, change }: (typeof kinds)[number]): string => {
    const damaged = join(folder, 'damaged');
    rmSync(damaged, { recursive: true, force: true });
    cpSync(source, damaged, { recursive: true });
    const path = join(damaged, file ?? lockfileIn(damaged, id));
    const before = readFileSync(path, 'utf8');
    const after = change(before);
    expect(after, 'the damage').not.toBe(before);
    writeFileSync(path, after);
    return damaged;
  };

  it.each(kinds)('$kind', async (damage) => {
    if (locked === undefined) return;
    const outcome = await packed(damagedWith(locked, damage)).catch((error: unknown) => error);
    if (damage.harmless) return expect(installsOf(outcome as PackPlan)).toEqual(installsOf(whole));
    if (damage.accepted) return expect(outcome).not.toBeInstanceOf(Error);
    if (damage.refused !== undefined) {
      expect(outcome).toBeInstanceOf(StowageError);
      const { message, where } = outcome as StowageError;
      expect(`${message} ${JSON.stringify(where)}`).toMatch(damage.refused);
    } else {
      expect(outcome).not.toBeInstanceOf(Error);
      const told = (outcome as PackPlan).diagnostics.filter(({ level }) => level === 'warning').map(({ message }) => message);
      expect(told.join('\n')).toMatch(damage.warned as RegExp);
    }
  });

  it('is refused by the program, which writes nothing', async () => {
    const gone = kinds.find(({ kind }) => kind === 'a direct package that is gone');
    if (locked === undefined || gone === undefined) return;
    const folder = damagedWith(locked, gone);
    const { status, stdout, stderr } = await stowage(['prune', 'app'], { cwd: folder });
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(gone.refused as RegExp);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});

async function packed(folder: string): Promise<PackPlan> {
  return pack(await readWorkspace(folder), 'app', { imports: false });
}

function installsOf({ files, diagnostics }: PackPlan): unknown {
  return { files: files.filter(({ path }) => /^(?:deps|prod)\//.test(path)), diagnostics };
}

function lockfileIn(folder: string, id: PackageManagerId): string {
  return adapterOf(id).lockfileNames.find((name) => existsSync(join(folder, name))) ?? '';
}

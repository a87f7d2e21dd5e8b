import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pack, readWorkspace, writePlan } from '@stowage/core';
import { expect } from 'vitest';
import { filesOf, type InventedRepository } from '../fuzz/invented.ts';
import type { InventedRegistry } from '../fuzz/registry.ts';
import { frozenInstall, isAvailable, lockCommand, run } from '../fuzz/tools.ts';
import { installedPackages } from '../fuzz/tree.ts';

/**
 * Has a release of a package manager lock a repository, packs its app `app`, and installs what was packed frozen: the packages, `name@version`, that
 * each of the two installs brings besides the workspace's own, sorted. Undefined where the release cannot be fetched.
 */
export async function packedInstall(
  repository: InventedRepository,
  registry: InventedRegistry,
): Promise<Readonly<Record<'deps' | 'prod', readonly string[]>> | undefined> {
  const { manager, importers } = repository;
  if (!isAvailable(manager)) {
    if (process.env.STOWAGE_REQUIRE_ALL === '1') throw new Error(`${manager.id} ${manager.version} cannot be fetched from the registry`);
    console.warn(`SKIPPED ${manager.id} ${manager.version}: the registry does not answer`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'stowage-packed-'));
  const [source, out, home] = [join(folder, 'source'), join(folder, 'out'), join(folder, 'home')];
  const url = registry.serve(repository.registry);
  const own = new Set(importers.map(({ manifest }) => manifest.name));
  try {
    for (const [path, text] of Object.entries(filesOf(repository))) {
      mkdirSync(dirname(join(source, path)), { recursive: true });
      writeFileSync(join(source, path), text);
    }
    const locked = await run(manager, lockCommand(manager), source, url, home);
    expect(locked.ok, locked.output).toBe(true);
    rmSync(join(source, 'node_modules'), { recursive: true, force: true });
    const workspace = await readWorkspace(source);
    const plan = await pack(workspace, 'app', { imports: false });
    await writePlan(plan, workspace, out);
    const install = async (mode: 'deps' | 'prod'): Promise<readonly string[]> => {
      const copy = join(folder, mode);
      cpSync(join(out, mode), copy, { recursive: true, verbatimSymlinks: true });
      const frozen = await run(manager, frozenInstall(plan.packageManager, mode), copy, url, home);
      expect(frozen.ok, frozen.output).toBe(true);
      expect(readFileSync(join(copy, workspace.lockfile.path), 'utf8')).toBe(readFileSync(join(out, mode, workspace.lockfile.path), 'utf8'));
      return [...installedPackages(copy)].filter((name) => !own.has(name.replace(/@[^@]*$/, ''))).sort();
    };
    return { deps: await install('deps'), prod: await install('prod') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * What Nx waits for when it asks the plugin for targets: one process loads the built plugin and has it look at a workspace of 500 packages,
 * every fifth of them an app. Medians over rounds, in ms, and of both together the time of the processor, which a busy machine changes less.
 */
const rounds = 9;
const plugin = pathToFileURL(fileURLToPath(new URL('../../packages/nx-plugin/dist/index.js', import.meta.url))).href;
const folder = mkdtempSync(join(tmpdir(), 'stowage-bench-nx-'));
try {
  const manifests = layOut(500);
  writeFileSync(
    join(folder, 'infer.mjs'),
    `const started = performance.now(), before = process.cpuUsage();
const { createNodes } = await import(${JSON.stringify(plugin)});
const loaded = performance.now();
const found = createNodes[1](${JSON.stringify(manifests)}, {}, { workspaceRoot: ${JSON.stringify(folder)} });
console.log(JSON.stringify({ apps: found.length, load: loaded - started, infer: performance.now() - loaded, cpu: Object.values(process.cpuUsage(before)).reduce((a, b) => a + b) / 1000 }));`,
  );
  const runs = Array.from({ length: rounds }, () => JSON.parse(execFileSync(process.execPath, [join(folder, 'infer.mjs')], { encoding: 'utf8' })));
  const median = (key: 'load' | 'infer' | 'cpu'): string =>
    runs
      .map((run) => run[key])
      .sort((a, b) => a - b)
      [Math.floor(rounds / 2)].toFixed(0);
  console.log(
    `${manifests.length} manifests, ${runs[0].apps} apps: load ${median('load')} ms, infer ${median('infer')} ms; processor ${median('cpu')} ms`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function layOut(count: number): string[] {
  write('package.json', { name: 'bench', workspaces: ['packages/*'] });
  write('nx.json', {});
  const members = Array.from({ length: count }, (_, index) => `packages/p${index}/package.json`);
  for (const [index, path] of members.entries()) {
    const dependencies = Object.fromEntries(Array.from({ length: 20 }, (_, other) => [`@bench/p${(index + other + 1) % count}`, 'workspace:*']));
    write(path, { name: `@bench/p${index}`, scripts: index % 5 === 0 ? { start: 'node main.js' } : {}, dependencies });
  }
  return ['package.json', ...members];
}

function write(path: string, value: unknown): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify(value, null, 2));
}

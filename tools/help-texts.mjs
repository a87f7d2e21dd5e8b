#!/usr/bin/env node
/** Writes the help texts of the built program into the fences of docs/cli.md that name a command: ```text stowage prune --help */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const page = fileURLToPath(new URL('../docs/cli.md', import.meta.url));
const bin = fileURLToPath(new URL('../packages/cli/dist/bin.js', import.meta.url));
const fence = /^```text (stowage .*)\n[\s\S]*?^```$/gm;

const text = readFileSync(page, 'utf8').replaceAll(fence, (_, command) => {
  const { stdout } = spawnSync(process.execPath, [bin, ...command.split(' ').slice(1)], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  return `\`\`\`text ${command}\n${stdout.trimEnd()}\n\`\`\``;
});
writeFileSync(page, text);

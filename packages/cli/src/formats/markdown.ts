import { type Affected, describeChange } from '@stowage/core';
import { reasonOf } from './affected-json.ts';

/** GitHub refuses a step summary above this many bytes. */
const mostBytes = 1024 * 1024;
const mostChanges = 20;

/** A step summary: a table of the affected images, then what changed of each; cut where it grows too long. */
export function markdown({ apps, unaffected, removed }: Affected, base: string): string {
  const head = [
    `### Affected images: ${apps.length} of ${apps.length + unaffected.length}`,
    '',
    `Compared with ${escaped(base)}.`,
    '',
    ...(removed.length === 0 ? [] : [`Apps that are no more: ${removed.map(({ name }) => code(name)).join(', ')}.`, '']),
    ...(apps.length === 0 ? [] : ['| image | because |', '| --- | --- |']),
  ];
  const rows = apps.map((app) => `| ${code(app.name)} | ${escaped(reasonOf(app))} |`);
  const details = apps
    .filter(({ changes }) => changes.length > 1)
    .map(({ name, changes }) => {
      const lines = changes.slice(0, mostChanges).map((change) => `- ${escaped(describeChange(change))} (${change.steps.join(', ')})`);
      const more = changes.length > mostChanges ? [`- and ${changes.length - mostChanges} more`] : [];
      return ['', `<details><summary>${inHtml(name)}</summary>`, '', ...lines, ...more, '', '</details>'].join('\n');
    });
  return fitting([...head, ...rows, ...details]);
}

function fitting(lines: readonly string[]): string {
  const notice = '\nThe rest is left out: GitHub shows no summary above 1 MiB.\n';
  let room = mostBytes - Buffer.byteLength(notice);
  let text = '';
  for (const line of lines) {
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) return text + notice;
    text += `${line}\n`;
  }
  return text;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_~{}[\]<>|#]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

/** Between tags of a line of their own, markdown's escapes are text. */
function inHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function code(text: string): string {
  return `\`${text.replaceAll(/[`|]/g, '')}\``;
}

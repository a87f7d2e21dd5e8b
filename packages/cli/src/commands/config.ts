import { explainConfig, findApp } from '@stowage/core';
import { allApps, type Context, type Outcome, open, table } from '../command.ts';

export async function config(context: Context, app: string | undefined): Promise<Outcome> {
  const workspace = await open(context);
  const apps = (app === undefined ? allApps(workspace) : [findApp(workspace, app)]).map((importer) => ({
    id: importer.id,
    name: importer.name,
    values: explainConfig(workspace, importer),
  }));
  const { bold, dim } = context.reporter.colors;
  const blocks = apps.map(({ name, values }) => {
    const rows = values.map(({ key, value, source }) => [`  ${key}`, typeof value === 'string' ? value : JSON.stringify(value), source]);
    return `${bold(name)}\n${rows.length === 0 ? dim('  nothing configured: every value is found by Stowage\n') : table(rows)}`;
  });
  return { json: { apps }, text: blocks.join('\n'), summary: false };
}

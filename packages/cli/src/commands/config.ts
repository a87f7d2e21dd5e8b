import { explainApp, findApp, type Importer, unusedPins } from '@stowage/core';
import { allApps, type Context, type Outcome, open, packAll, table } from '../command.ts';

export async function config(context: Context, app: string | undefined): Promise<Outcome> {
  const workspace = await open(context);
  const chosen = app === undefined ? allApps(workspace) : [findApp(workspace, app)];
  const plans = await packAll(workspace, chosen);
  if (app === undefined) context.reporter.diagnostics(unusedPins(workspace.files, plans));
  const apps = plans.map((plan, index) => {
    const importer = chosen[index] as Importer;
    return { id: importer.id, name: importer.name, values: explainApp(workspace, importer, plan) };
  });
  const { bold } = context.reporter.colors;
  const blocks = apps.map(({ name, values }) => {
    const rows = values.map(({ key, value, source }) => [`  ${key}`, typeof value === 'string' ? value : JSON.stringify(value), source]);
    return `${bold(name)}\n${table(rows)}`;
  });
  return { json: { apps }, text: blocks.join('\n'), summary: false };
}

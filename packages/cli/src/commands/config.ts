import { explainConfig } from '@stowage/core';
import { type Context, open, type Outcome, table } from '../command.ts';

export async function config(context: Context, app: string | undefined): Promise<Outcome> {
  const { workspace, config: values } = await open(context);
  const rows = explainConfig(workspace, values, app);
  return {
    json: { values: rows.map(({ key, value, source }) => ({ key, value, source })) },
    text: table(rows.map(({ key, value, source }) => [key, typeof value === 'string' ? value : JSON.stringify(value), source])),
    summary: false,
  };
}

import type { Diagnostic } from '../model.ts';
import { inApp } from './facts.ts';
import type { AppFacts } from './preset.ts';

/** Adapters and plugins whose build no Node can run. */
const hosts = /['"](@astrojs\/(?:vercel|netlify|cloudflare)\b[^'"]*|@(?:cloudflare|netlify|vercel)\/(?:vite-plugin|remix|react-router)\b[^'"]*)['"]/;

/** What a config's text says of another host than an image: an adapter, or `host` by name. */
export function builtForAHost(app: AppFacts, code: string | undefined, hint: string, host = hosts.exec(code ?? '')?.[1]): Diagnostic[] {
  if (host === undefined) return [];
  return [
    {
      level: 'warning',
      code: 'built-for-a-host',
      message: `The config of ${app.importer.name} builds for "${host}", and an image needs a server for Node.`,
      file: inApp(app, 'package.json'),
      hint,
    },
  ];
}

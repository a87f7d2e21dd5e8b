import type { StaticPlan } from '../presets/preset.ts';

const compressible = [
  'text/css',
  'text/plain',
  'text/xml',
  'application/javascript',
  'text/javascript',
  'application/json',
  'application/manifest+json',
  'application/wasm',
  'application/xml',
  'image/svg+xml',
];

/** What the server reads. */
export const serverConfigPath = '/etc/nginx/conf.d/default.conf';

/** Where the files lie. The image's own folder has a page of its own, which would answer where a site has no `index.html`. */
export const siteFolder = '/srv/site';

/**
 * A server for a front end's files: a file for each page, else the app's own page or `404.html`, all asked for anew each time;
 * hashed files for ever, and a 404 where one is missing; compression.
 */
export function nginxConfig({ publicPath, fallback, hashed }: StaticPlan, port: number): string {
  const locations = [
    ...hashed.map((folder) =>
      location(`^~ ${word(publicPath + folder)}`, ['add_header Cache-Control "public, max-age=31536000, immutable"', 'try_files $uri =404']),
    ),
    ...(publicPath === '/' ? [] : [location(`= ${word(publicPath.slice(0, -1))}`, [`return 308 ${word(publicPath)}`])]),
    location(word(publicPath), [
      'add_header Cache-Control "no-cache"',
      `try_files $uri $uri.html $uri/index.html ${fallback === undefined ? '=404' : word(publicPath + fallback)}`,
      ...(fallback === undefined ? [`error_page 404 ${word(`${publicPath}404.html`)}`] : []),
    ]),
  ];
  return `server {
  listen ${port};
  root ${siteFolder};
  index index.html;
  absolute_redirect off;
  server_tokens off;

  gzip on;
  gzip_vary on;
  gzip_min_length 1024;
  gzip_types ${compressible.join(' ')};

${locations.join('\n')}
}`;
}

/** One word of nginx's configuration; the path may stand in a project's own config. */
function word(text: string): string {
  return /[\s"'\\;{}#]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}

function location(match: string, directives: readonly string[]): string {
  return [`  location ${match} {`, ...directives.map((directive) => `    ${directive};`), '  }'].join('\n');
}

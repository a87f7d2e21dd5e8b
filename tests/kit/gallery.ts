/** How an app of `examples/presets` is asked. */
export interface Asked {
  /** Name of the app, and what its front page greets. */
  readonly app: string;
  /** Undefined for a tool that serves nothing. */
  readonly port: number | undefined;
  /** Path of the front page. */
  readonly home: string;
  /** Another page, asked for without the first one. */
  readonly deep: string;
  /** Whether the answer itself holds the greeting; else the browser alone shows it. */
  readonly rendered: boolean;
  /** What the front page and the other one show in a browser; undefined where there is no front end. */
  readonly shown?: readonly [home: string, deep: string];
  /** Element that shows it. */
  readonly element: string;
  /** Whether what is no page gets 404. */
  readonly strict: boolean;
}

const usual = { port: 3000, home: '/', deep: '/deep/link', rendered: true, element: 'h1', strict: false } as const;
const files = { ...usual, port: 8080, strict: true } as const;
const shownBy = (app: string) => [`Ahoy, ${app}!`, 'Ahoy, deep link, from the browser!'] as const;
const program = (app: string): Asked => ({ ...usual, app });
const server = (app: string, more: Partial<Asked> = {}): Asked => ({ ...usual, app, shown: shownBy(app), strict: true, ...more });
const site = (app: string, more: Partial<Asked> = {}): Asked => ({ ...files, app, shown: shownBy(app), ...more });
const singlePage = (app: string, more: Partial<Asked> = {}): Asked => site(app, { rendered: false, strict: false, ...more });

export const gallery: readonly Asked[] = [
  ...['node-plain', 'node-tsc', 'node-tsup', 'node-esbuild', 'node-types', 'node-tsx', 'node-browser', 'bun', 'nest', 'nitro'].map(program),
  { ...usual, app: 'cli', port: undefined },
  server('next-standalone'),
  server('next-start'),
  site('next-export'),
  server('nuxt'),
  server('react-router'),
  singlePage('react-router-spa'),
  server('remix'),
  server('tanstack-start'),
  singlePage('tanstack-start-spa'),
  server('sveltekit-node'),
  singlePage('sveltekit-static'),
  server('astro-node', { port: 4321, rendered: false }),
  site('astro-static', { rendered: false }),
  server('angular-ssr', { port: 4000, strict: false }),
  singlePage('angular'),
  site('static-site'),
  singlePage('vite', { home: '/gallery/', deep: '/gallery/deep/link' }),
  singlePage('create-react-app'),
  site('vitepress'),
  site('docusaurus', { home: '/handbook/', deep: '/handbook/deep/link', element: '#greeting', shown: ['Ahoy, docusaurus!', 'Ahoy, deep link!'] }),
  site('storybook', {
    home: '/iframe.html?viewMode=story&id=greeting--storybook',
    deep: '/?path=/story/greeting--storybook',
    rendered: false,
    element: 'h1, nav', // the sidebar around a story names it
    strict: false,
    shown: ['Ahoy, storybook!', 'Greeting'],
  }),
];

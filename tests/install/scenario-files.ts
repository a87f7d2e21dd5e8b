/** What the scenarios of several package managers write alike. */

export const json = (value: object): string => JSON.stringify(value, null, 2);

export const root = (more: object = {}): string => json({ name: 'root', private: true, workspaces: ['packages/*'], ...more });

export const app = (more: object = {}): string =>
  json({ name: 'app', version: '1.0.0', main: 'index.js', scripts: { start: 'node index.js' }, ...more });

export const lib = (name: string, more: object = {}): string => json({ name, version: '1.0.0', main: 'index.js', ...more });

/** A patch that adds a file, `<name>.md`, to whatever package it is for. */
export const patch = (name: string): string => `diff --git a/${name}.md b/${name}.md
new file mode 100644
index 0000000..257cc56
--- /dev/null
+++ b/${name}.md
@@ -0,0 +1 @@
+foo
`;

export function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

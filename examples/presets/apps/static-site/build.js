import { mkdirSync, writeFileSync } from 'node:fs';
import { greet } from '@gallery/greeting';

/** A page whose own script writes over what the file says. */
const page = (name, shown = greet(name)) => `<!doctype html>
<html lang="en">
<title>${greet(name)}</title>
<link rel="icon" href="data:,">
<h1>${greet(name)}</h1>
<script>document.querySelector('h1').textContent = ${JSON.stringify(shown)};</script>
</html>
`;

mkdirSync('site/deep/link', { recursive: true });
writeFileSync('site/index.html', page('static-site'));
writeFileSync('site/deep/link/index.html', page('deep link', greet('deep link, from the browser')));
writeFileSync('site/404.html', page('nobody'));

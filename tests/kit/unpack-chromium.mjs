/** Unpacks Chromium into the folder that TMPDIR names, with fonts and libraries, and prints the path of its program. A process of its own: the package looks at the environment as it is loaded. */
import chromium from '@sparticuz/chromium';

process.stdout.write(await chromium.executablePath());

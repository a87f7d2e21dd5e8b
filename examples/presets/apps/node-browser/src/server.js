import { createServer } from 'node:http';
import { greet } from '@gallery/greeting';
import { chromium } from 'playwright';
import puppeteer from 'puppeteer';

/** Both start Debian's Chromium: Puppeteer by PUPPETEER_EXECUTABLE_PATH, Playwright because it is told. A container has no namespaces for its sandbox. */
const browsers = {
  '/': () => puppeteer.launch({ args: ['--no-sandbox'] }),
  '/deep/link': () => chromium.launch({ executablePath: process.env.CHROME_PATH }),
};

/** What the browser shows of a page whose text is its own script's. */
async function shownBy(launch, name) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.setContent(`<h1></h1><script>document.querySelector('h1').textContent = ${JSON.stringify(greet(name))}</script>`);
    return await page.evaluate("document.querySelector('h1').textContent");
  } finally {
    await browser.close();
  }
}

const server = createServer(async (request, response) => {
  const launch = browsers[request.url] ?? browsers['/'];
  response.end(await shownBy(launch, `from ${request.url}`).catch(String));
});
server.listen(process.env.PORT);

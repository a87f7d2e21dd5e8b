import { createServer } from 'node:http';
import { greet } from '@harbor/greeting';
import { nextTide } from '@harbor/tides';
import ms from 'ms';

const server = createServer((request, response) => {
  if (request.url === '/health') {
    response.end('ok');
    return;
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ message: greet('harbor'), tide: nextTide(0), cacheFor: ms('2 days') }));
});

server.listen(Number(process.env.PORT ?? 3000), () => console.log('api is up'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));

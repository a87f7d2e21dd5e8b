import { createServer } from 'node:http';
import { greet } from '@gallery/greeting';

const server = createServer((request, response) => response.end(greet(request.url === '/' ? 'node-tsx' : `from ${request.url}`)));
server.listen(process.env.PORT);

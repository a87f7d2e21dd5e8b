import { createServer } from 'node:http';
import { greet } from '@gallery/greeting';

const server = createServer((request, response) => response.end(greet(request.url === '/' ? 'node-plain' : `from ${request.url}`)));
server.listen(process.env.PORT);

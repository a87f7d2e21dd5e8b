import { greet } from '@gallery/greeting';
import { Hono } from 'hono';

const app = new Hono();
app.get('/', ({ text }) => text(greet(`bun ${Bun.version}`)));
app.get('/deep/:word', ({ req, text }) => text(greet(`deep ${req.param('word')}`)));

export default app;

import { greet } from '@gallery/greeting';
import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/')({ component: () => <h1>{greet('tanstack-start-spa')}</h1> });

import { greet } from '@gallery/greeting';

const path = location.pathname.slice(import.meta.env.BASE_URL.length);
document.querySelector('h1').textContent = greet(path === 'deep/link' ? 'deep link, from the browser' : 'vite');

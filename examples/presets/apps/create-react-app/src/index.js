import { greet } from '@gallery/greeting';
import { createRoot } from 'react-dom/client';

const { pathname } = window.location;
createRoot(document.getElementById('root')).render(<h1>{greet(pathname === '/deep/link' ? 'deep link, from the browser' : 'create-react-app')}</h1>);

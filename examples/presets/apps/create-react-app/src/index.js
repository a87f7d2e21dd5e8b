import { greet } from '@gallery/greeting';
import { createRoot } from 'react-dom/client';

const name = window.location.pathname === '/deep/link' ? 'deep link, from the browser' : 'create-react-app';
createRoot(document.getElementById('root')).render(<h1>{greet(name)}</h1>);

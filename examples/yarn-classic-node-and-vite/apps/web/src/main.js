import { greet } from '@harbor/greeting';

document.querySelector('#app').textContent = greet(location.pathname);

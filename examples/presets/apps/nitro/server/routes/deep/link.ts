import { greet } from '@gallery/greeting';
import { defineHandler } from 'nitro/h3';

export default defineHandler(() => greet('deep link'));

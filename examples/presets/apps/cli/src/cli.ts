#!/usr/bin/env node
import { greet } from '@gallery/greeting';

console.log(greet(process.argv.slice(2).join(' and ')));

#!/usr/bin/env node
import { nextTide } from './index.js';

console.log(nextTide(new Date().getHours()));

import { nextTide } from '@harbor/tides';
import isNumber from 'is-number';

console.log(isNumber(nextTide(0)) ? 'tide known' : 'tide unknown');

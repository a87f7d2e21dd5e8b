import { afterNextRender, Component, signal } from '@angular/core';
import { type Routes, RouterOutlet } from '@angular/router';
import { greet } from '@gallery/greeting';

@Component({ selector: 'app-home', template: '<h1>{{ text }}</h1>' })
class Home {
  text = greet('angular');
}

@Component({ selector: 'app-deep', template: '<h1>{{ text() }}</h1>' })
class Deep {
  text = signal(greet('deep link, from the server'));

  constructor() {
    afterNextRender(() => this.text.set(greet('deep link, from the browser')));
  }
}

@Component({ selector: 'app-root', imports: [RouterOutlet], template: '<router-outlet />' })
export class App {}

export const routes: Routes = [
  { path: '', component: Home },
  { path: 'deep/link', component: Deep },
];

import { greet } from '@gallery/greeting';

export default function Home() {
  return <h1>{greet('remix')}</h1>;
}

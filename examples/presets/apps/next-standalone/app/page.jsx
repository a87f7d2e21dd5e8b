import { greet } from '@gallery/greeting';

export default function Page() {
  return <h1>{greet('next-standalone')}</h1>;
}

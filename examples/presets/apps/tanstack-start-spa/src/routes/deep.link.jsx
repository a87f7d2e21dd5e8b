import { greet } from '@gallery/greeting';
import { createFileRoute } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

export const Route = createFileRoute('/deep/link')({ component: Deep });

function Deep() {
  const [where, setWhere] = useState('server');
  useEffect(() => setWhere('browser'), []);
  return <h1>{greet(`deep link, from the ${where}`)}</h1>;
}

import { greet } from '@gallery/greeting';
import { useEffect, useState } from 'react';

export default function Deep() {
  const [where, setWhere] = useState('server');
  useEffect(() => setWhere('browser'), []);
  return <h1>{greet(`deep link, from the ${where}`)}</h1>;
}

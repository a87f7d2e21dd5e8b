import { greet } from '@gallery/greeting';

export default {
  title: 'Greeting',
  render: ({ name }) => {
    const heading = document.createElement('h1');
    heading.textContent = greet(name);
    return heading;
  },
};

export const Storybook = { args: { name: 'storybook' } };

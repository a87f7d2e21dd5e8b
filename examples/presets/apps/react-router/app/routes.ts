import { index, route } from '@react-router/dev/routes';

export default [index('routes/home.jsx'), route('deep/link', 'routes/deep.jsx')];

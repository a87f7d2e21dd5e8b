/** @type {import('@docusaurus/types').Config} */
export default {
  title: 'Gallery',
  url: 'https://gallery.example',
  baseUrl: '/handbook/',
  presets: [['classic', { docs: { routeBasePath: '/' }, blog: false }]],
};

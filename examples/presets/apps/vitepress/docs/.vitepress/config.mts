import { defineConfig } from 'vitepress';

export default defineConfig({
  title: 'Gallery',
  cleanUrls: true,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
});

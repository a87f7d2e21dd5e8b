/** @type {import('next').NextConfig} */
export default {
  output: process.env.SELF_HOSTED === 'yes' ? 'standalone' : undefined,
};

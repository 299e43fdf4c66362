import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The release server serves what lies in dist/ (embedded in its binary). In development the API comes from TORG_API.
const api = process.env.TORG_API ?? 'http://127.0.0.1:8008';
const paths = ['/_matrix', '/_torg', '/diarium', '/en/register', '/.well-known'];

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // a data: URL would need a wider content security policy
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
  },
  server: { proxy: Object.fromEntries(paths.map((path) => [path, { target: api }])) },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
} as Parameters<typeof defineConfig>[0]);

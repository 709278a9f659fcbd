/** Builds the console into `dist`, which the server gives out under a policy that allows nothing but its own files. */

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where a server of Tidegate listens while the console is being worked on with `vite`. */
const { TIDEGATE_SERVER: server = 'http://127.0.0.1:8420' } = process.env;

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2024',
    // A data: URI would not pass `default-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // One file on purpose: it comes from the same building, and no part of it is gone after the server was renewed.
    chunkSizeWarningLimit: 800,
  },
  server: { proxy: { '/api': server } },
});

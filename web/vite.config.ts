import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { lingui } from '@lingui/vite-plugin'
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { linguiMacro } from './lingui-macro.ts'
import { slimContracts } from './slim-contracts.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What changes together is cached together: libraries outlive the product's own code. */
const chunks = [
  { name: 'react', test: /node_modules\/(?:react|react-dom|scheduler)\// },
  { name: 'tanstack', test: /node_modules\/@tanstack\/(?!react-virtual|virtual)/ },
  { name: 'lingui', test: /node_modules\/@lingui\// },
]

export default defineConfig(({ command }) => ({
  root: here('.'),
  cacheDir: here('../node_modules/.vite'),
  plugins: [
    slimContracts(),
    linguiMacro(),
    react(),
    tailwindcss(),
    lingui({ configPath: here('../lingui.config.ts') }),
  ],
  server: {
    host: '127.0.0.1',
    port: 5173,
    // A checkout may borrow its node_modules from another one.
    fs: { allow: [here('..'), realpathSync(here('../node_modules'))] },
    proxy: { '/api': { target: process.env.API_ORIGIN ?? 'http://127.0.0.1:3000' } },
  },
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    // The stylesheet relies on light-dark(): without this the builder would write every colour three times.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    sourcemap: command === 'build' ? 'hidden' : false,
    rolldownOptions: {
      // Styles have no maps, and what makes them need not be told.
      onLog: (level, log, handle) =>
        (log.code === 'SOURCEMAP_BROKEN' && /tailwindcss/.test(log.plugin ?? '')) || handle(level, log),
      input: here('index.html'),
      // Screens and components do nothing by being imported, so what a screen does not use of an index stays out of it.
      treeshake: {
        // Nor does reading a field.
        propertyReadSideEffects: false,
        moduleSideEffects: (id: string) => !/\/(?:domains\/[\w-]+\/web|web\/ui|web\/shell)\/.+\.tsx?$/.test(id),
      },
      output: { codeSplitting: { groups: chunks } },
    },
  },
}))

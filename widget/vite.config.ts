// Builds what /widget/v1 serves: loader.js (a plain script, its name for ever) and hashed modules, which may be kept for ever.
import { fileURLToPath } from 'node:url'
import { build, defineConfig, type Plugin } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
// The older way of calling Preact, for it is shorter; the types are those of the newer one.
const jsx = { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } as const

/** Writes loader.js beside the chat, with the name of its first module in it. */
function loader(): Plugin {
  return {
    name: 'rapport-loader',
    async generateBundle(_options, bundle) {
      const chat = Object.values(bundle).find((part) => part.type === 'chunk' && part.isEntry)
      if (!chat) throw new Error('the chat was not built')
      const built = await build({
        configFile: false,
        root: here,
        logLevel: 'silent',
        define: { CHAT_FILE: JSON.stringify(chat.fileName) },
        build: {
          write: false,
          target: 'es2022',
          rolldownOptions: { input: `${here}loader.ts`, output: { format: 'iife', entryFileNames: 'loader.js' } },
        },
      })
      const [result] = [built].flat()
      if (!result || !('output' in result)) throw new Error('the loader was not built')
      this.emitFile({ type: 'asset', fileName: 'loader.js', source: result.output[0].code })
    },
  }
}

export default defineConfig({
  root: here,
  base: './',
  oxc: { jsx, jsxInject: `import { h, Fragment } from 'preact'` },
  publicDir: false,
  plugins: [loader()],
  build: {
    outDir: `${here}dist`,
    emptyOutDir: true,
    target: 'es2022',
    // As a library, because then Vite adds no preloading of its own to every `import()`.
    lib: { entry: { chat: `${here}main.tsx` }, formats: ['es'] },
    rolldownOptions: {
      // What the late parts share with the chat stays in the chat: one file less to fetch.
      preserveEntrySignatures: 'allow-extension',
      output: {
        minify: true,
        entryFileNames: '[name]-[hash].js',
        chunkFileNames: '[name]-[hash].js',
        hashCharacters: 'hex',
      },
    },
  },
})

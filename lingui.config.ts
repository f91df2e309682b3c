import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

/** English is written in the source and extracted; other languages are translated from `locales/en.po`. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en'],
  fallbackLocales: { default: 'en' },
  catalogs: [
    {
      path: '<rootDir>/locales/{locale}',
      include: ['<rootDir>/web', '<rootDir>/domains/*/web/**/*.{ts,tsx}'],
      exclude: ['**/*.test.*', '<rootDir>/web/dist/**', '<rootDir>/web/gallery/**', '<rootDir>/web/gallery-*'],
    },
  ],
  format: formatter({ lineNumbers: false, printPlaceholdersInComments: false }),
  orderBy: 'message',
})
